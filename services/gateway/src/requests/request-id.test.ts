import { describe, expect, it } from '@jest/globals';
import { requestIdOf } from './request-id.ts';

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('requestIdOf', () => {
  it.each(['till-7.2026_03', 'a', 'x'.repeat(128)])('takes what the caller sent: %s', (sent) => {
    expect(requestIdOf(sent)).toBe(sent);
  });

  it.each([undefined, '', 'with space', 'x'.repeat(129), 'nul\0', 'a,b', 'ü', ['a', 'b']])(
    'makes one instead of %s',
    (sent) => {
      expect(requestIdOf(sent)).toMatch(UUID_V7);
    },
  );
});
