import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId, tierChanged } from '@punchcard/contracts';
import { waitFor } from '@punchcard/testing';
import { givenMember, givenProgramme, givenTill, startLedger, stopAndVerify, times } from './given.ts';
import type { Ledger, Programme } from './given.ts';

let ledger: Ledger;
beforeAll(async () => {
  ledger = await startLedger();
});
afterAll(() => stopAndVerify(ledger));

describe('a ladder that changes', () => {
  it('places its members anew within seconds, and tells who moved', async () => {
    const given = await givenProgramme(ledger.sql);
    const till = givenTill(ledger, given);
    const members = await times(20, () => givenMember(ledger.sql, given.partnerId));
    await Promise.all(members.map(({ email }, n) => till.buy(n + 1, { member_identifier: email })));

    const [bronze, gold] = [newId(), newId()];
    await announce(given, { tier_id: bronze, name: 'bronze', is_default: true }, 1);
    await announce(given, { tier_id: gold, name: 'gold', points_threshold: 110 }, 2);
    await placed(given, { [bronze]: 10, [gold]: 10 });
    await announce(given, { tier_id: gold, name: 'gold', points_threshold: 160 }, 3);
    await placed(given, { [bronze]: 15, [gold]: 5 });
    await announce(given, { tier_id: gold, name: 'gold', points_threshold: 160, is_deleted: true }, 4);
    await placed(given, { [bronze]: 20 });

    const [moves] = await ledger.sql`
      select
        count(*) filter (where data ->> 'new_tier' = 'gold') as up,
        count(*) filter (where data ->> 'previous_tier' is not null and data ->> 'new_tier' = 'bronze') as down
      from outbox
      where partner_id = ${given.partnerId} and type = 'ledger.member_tier_changed.v1'
    `;
    expect(moves!['up']).toBe(10);
    expect(moves!['up']).toBe(moves!['down']! as number);
  });

  it('counts from the next purchase on, whether the members were placed or not', async () => {
    const given = await givenProgramme(ledger.sql, {
      tiers: [
        { name: 'bronze', isDefault: true },
        { name: 'silver', pointsThreshold: 20, multiplierBp: 15_000, redemptionDiscountBp: 5_000 },
      ],
    });
    const till = givenTill(ledger, given);

    const answers = [await till.buy(2), await till.buy(1), await till.redeem()];

    expect(answers.map(({ body }) => body.data)).toMatchObject([
      { points_awarded: 20, tier: 'silver', tier_changed: true, points_to_next_tier: null },
      { points_awarded: 15, tier: 'silver', tier_changed: false, breakdown: { tier: 'silver', tier_multiplier: 1.5 } },
      { points_deducted: 5, new_balance: 30 },
    ]);
  });
});

let events = 0;

const announce = (
  { partnerId }: Programme,
  tier: { tier_id: string; name: string; points_threshold?: number; is_default?: boolean; is_deleted?: boolean },
  sequence: number,
) =>
  ledger.topics.publish(partnerId, [
    {
      event: tierChanged,
      key: partnerId,
      sequence,
      data: {
        ...{ club_id: null, level: (events += 1), points_threshold: 0, multiplier_bp: 10_000 },
        ...{ redemption_discount_bp: 0, is_default: false, is_active: true, is_deleted: false },
        ...tier,
      },
    },
  ]);

/** Members by tier. */
async function placed({ partnerId }: Programme, expected: Record<string, number>): Promise<void> {
  await waitFor('the members to be placed', async () => {
    const rows = await ledger.sql<{ tierId: string; members: number }[]>`
      select tier_id, count(*) as members from member_standings where partner_id = ${partnerId} group by tier_id
    `;
    const found = Object.fromEntries(rows.map(({ tierId, members }) => [tierId, members]));
    return JSON.stringify(Object.entries(found).toSorted()) === JSON.stringify(Object.entries(expected).toSorted());
  });
}
