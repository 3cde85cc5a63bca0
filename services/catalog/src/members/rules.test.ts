import { describe, expect, it } from '@jest/globals';
import { isOpenToAll } from './rules.ts';

describe('isOpenToAll', () => {
  it.each([
    ['active', true, true],
    ['active', false, true],
    ['expired', true, true],
    ['expired', false, false],
    ['scheduled', true, false],
    ['inactive', true, false],
  ] as const)(
    'a card that is %s, shown to everybody: %s, is read by its id: %s',
    (status, isVisibleByDefault, open) => {
      expect(isOpenToAll({ status, isVisibleByDefault })).toBe(open);
    },
  );
});
