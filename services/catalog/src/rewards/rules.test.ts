import { describe, expect, it } from '@jest/globals';
import { changedReward, newReward, remainingOf } from './rules.ts';

const now = new Date('2026-03-08T09:15:00Z');
const rewardOf = (fields: object = {}) =>
  newReward({ partnerId: 'p', rewardId: 'r', now, fields: { name: 'Free coffee', points: 200, ...fields } });

describe('newReward', () => {
  it.each([
    ['without dates', {}, true],
    ['with an end alone', { expirationDate: now }, true],
    ['that ends when it begins', { activeFrom: now, expirationDate: now }, false],
    ['that ends a moment after it begins', { activeFrom: now, expirationDate: new Date(now.getTime() + 1) }, true],
  ])('takes one %s: %#', (_name, dates, isTaken) => {
    const attempt = () => rewardOf(dates);

    if (isTaken) expect(attempt).not.toThrow();
    else expect(attempt).toThrow('1 field is not valid');
  });
});

describe('changedReward', () => {
  it('checks the new state as a whole', () => {
    const reward = rewardOf({ activeFrom: now });

    expect(() => changedReward(reward, { expirationDate: new Date(0) }, now)).toThrow('1 field is not valid');
  });
});

describe('remainingOf', () => {
  it.each([
    [null, 7, null],
    [10, 0, 10],
    [10, 10, 0],
    [10, 11, 0],
  ])('of %s with %i redeemed: %s', (max, redeemed, remaining) => {
    expect(remainingOf(max, redeemed)).toBe(remaining);
  });
});
