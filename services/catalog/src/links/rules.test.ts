import { AppError } from '@punchcard/contracts';
import { describe, expect, it } from '@jest/globals';
import { requireKnown, requireUncrowded } from './rules.ts';

const detailsOf = (act: () => void): unknown => {
  try {
    act();
    return null;
  } catch (error) {
    return error instanceof AppError ? error.details : error;
  }
};

describe('requireKnown', () => {
  it('names the first id that is not known', () => {
    const what = { resource: 'card', field: 'card_ids' };

    expect(detailsOf(() => requireKnown(['a', 'x', 'y'], new Set(['a']), what))).toEqual({
      ...{ resource: 'card', id: 'x' },
      field: 'card_ids[1]',
    });
    expect(detailsOf(() => requireKnown(['a'], new Set(['a']), what))).toBeNull();
  });
});

describe('requireUncrowded', () => {
  it('names the thing that would have a link too many', () => {
    expect(detailsOf(() => requireUncrowded(['a', 'b'], 'b', 'reward_ids'))).toEqual({
      errors: { 'reward_ids[1]': ['has 200 links already'] },
    });
    expect(detailsOf(() => requireUncrowded(['a'], undefined, 'reward_ids'))).toBeNull();
  });
});
