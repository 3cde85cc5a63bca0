import { describe, expect, it } from '@jest/globals';
import { ageOf, awardLines, reasonOf } from './show.ts';

const now = new Date('2026-03-08T12:00:00.000Z');

describe('ageOf', () => {
  it.each([
    ['2026-03-08T12:00:01.000Z', '0 minutes'],
    ['2026-03-08T11:59:30.000Z', '0 minutes'],
    ['2026-03-08T11:58:59.000Z', '1 minute'],
    ['2026-03-08T11:00:00.000Z', '1 hour'],
    ['2026-03-07T12:00:00.001Z', '23 hours'],
    ['2026-03-05T11:00:00.000Z', '3 days'],
  ])('of %s is %s', (since, age) => {
    expect(ageOf(since, now)).toBe(age);
  });
});

describe('awardLines', () => {
  it('says which points of whom were refused, when and why', () => {
    const ids = { reference: 'r1', partner_id: 'p1', card_id: 'c1', member_id: 'm1' };
    const award = {
      ...ids,
      event: 'voucher_bonus_points',
      points: 150,
      occurred_at: '2026-03-07T11:00:00.000Z',
    } as const;

    expect(awardLines({ ...award, refused_as: 'MEMBER_NOT_FOUND' }, now)).toBe(
      [
        'r1',
        '  150 points (voucher_bonus_points) of 2026-03-07T11:00:00.000Z, 1 day ago',
        '  MEMBER_NOT_FOUND: the ledger has no such member, or it was anonymised',
        '  partner p1  member m1  card c1',
      ].join('\n'),
    );
  });

  it('leaves a code that it does not know as it is', () => {
    expect(reasonOf('NEW_CODE')).toBe('NEW_CODE');
  });
});
