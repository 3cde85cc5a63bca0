import { getReward, listRewards, listTiers, memberTierChanged, newId, pointsRedeemed } from '@punchcard/contracts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { waitFor } from '@punchcard/testing';
import { given, givenPartner, startCatalog, type Catalog } from './given.ts';

let catalog: Catalog;
beforeAll(async () => {
  catalog = await startCatalog();
});
afterAll(() => catalog?.stop());

const redemption = (reward_id: string | null) => ({
  event: pointsRedeemed,
  id: newId(),
  key: newId(),
  data: { ...pointsRedeemed.example, transaction_id: newId(), reward_id },
});

describe('ledger.points_redeemed', () => {
  it('counts the redemptions of a reward and what remains; a redelivery counts once', async () => {
    const partner = givenPartner();
    const make = given(catalog, partner);
    const card = await make.card();
    const [id, other] = [await make.reward(card, { max_number_to_redeem: 2 }), await make.reward(card)];
    const again = redemption(id);

    await catalog.publish(partner.id, [
      again,
      redemption(id),
      again,
      redemption(null),
      redemption(id),
      redemption(other),
    ]);

    const shown = await waitFor('the redemptions', async () => {
      const { body } = await catalog.send(partner, listRewards, { query: { card_id: card } });
      return body.data[0].number_of_times_redeemed === 1 && body.data[1].number_of_times_redeemed > 2 && body.data;
    });
    expect(shown).toMatchObject([
      { id: other, number_of_times_redeemed: 1, remaining: null },
      { id, number_of_times_redeemed: 3, remaining: 0 },
    ]);
  });

  it('counts for the partner of the event alone', async () => {
    const partner = givenPartner();
    const make = given(catalog, partner);
    const id = await make.reward(await make.card());

    await catalog.publish(newId(), [redemption(id)]);
    await catalog.publish(partner.id, [redemption(id)]);

    await waitFor('both', async () => {
      const rows = await catalog.sql`select 1 from reward_usage where reward_id = ${id}`;
      return rows.length === 2;
    });
    const { body } = await catalog.send(partner, getReward, { params: { id } });
    expect(body.data.number_of_times_redeemed).toBe(1);
  });
});

describe('ledger.member_tier_changed', () => {
  it('counts the members of each tier, in whatever order the moves of different members arrive', async () => {
    const partner = givenPartner();
    const make = given(catalog, partner);
    const bronze = await make.tier({ name: 'bronze', points_threshold: 0 });
    const gold = await make.tier({ name: 'gold', points_threshold: 5_000 });

    const moves = [move(gold, null), move(bronze, gold), ...[move(null, bronze), move(null, bronze), move(null, gold)]];
    await catalog.publish(partner.id, moves);

    await waitFor('the moves', async () => {
      const rows = await catalog.sql`select 1 from inbox where event_id = any(${moves.map(({ id }) => id)}::uuid[])`;
      return rows.length === moves.length;
    });
    const { body } = await catalog.send(partner, listTiers);
    expect(body.data.map((tier: { members_count: number }) => tier.members_count)).toEqual([1, 1]);
  });

  const move = (previous_tier_id: string | null, tier_id: string | null) => ({
    event: memberTierChanged,
    id: newId(),
    key: newId(),
    data: { ...memberTierChanged.example, member_id: newId(), previous_tier_id, tier_id },
  });
});
