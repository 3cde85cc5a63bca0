import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  claimReward,
  createMemberKey,
  endpoints,
  getMyBalance,
  getMyCard,
  getMyReward,
  getMyTier,
  listMyBalances,
  listMyCards,
  listMyRewards,
  listMyTransactions,
  listTransactions,
  memberBalance,
  purchase,
  redeem,
  updateCard,
  updatePartner,
  updatePermissions,
} from '@punchcard/contracts';
import { adminApi, apiOf, dataOf, eventually, givenMember, givenPartner, givenProgramme } from './given.ts';

/** A partner with a programme, and two people who joined it. */
async function givenShop() {
  const partner = await givenPartner({ time_zone: 'Europe/Vilnius' });
  const programme = await givenProgramme(partner.agent);
  const [ann, bob] = [await givenMember(partner.slug), await givenMember(partner.slug)];
  return {
    ...{ partner, programme, ann, bob },
    anns: apiOf({ 'x-agent-key': ann.key }),
    bobs: apiOf({ 'x-agent-key': bob.key }),
  };
}

type Shop = Awaited<ReturnType<typeof givenShop>>;

const buyFor = ({ partner, programme }: Shop, memberId: string, amount: number) =>
  dataOf(
    partner.agent(purchase, {
      body: { card_id: programme.card.id, member_identifier: memberId, purchase_amount: amount },
    }),
  );

describe('a member, from joining to a reward', () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await givenShop();
  });

  it('has nothing at first, and sees no card that is not for everybody', async () => {
    const { anns, programme } = shop;

    expect(await dataOf(anns(listMyBalances))).toEqual([]);
    expect((await anns(listMyCards)).body.data).toEqual([]);
    expect((await anns(listMyRewards)).body.data).toEqual([]);
    expect((await anns(listMyTransactions)).body.data).toEqual([]);
    expect((await anns(getMyBalance, { params: { cardId: programme.card.id } })).status).toBe(404);
    // Whoever was handed the card knows its id.
    expect((await dataOf(anns(getMyCard, { params: { id: programme.card.id } }))).title).toBe('Coffee card');
  });

  it('sees what a purchase brought, in the next call', async () => {
    const { anns, partner, programme, ann } = shop;
    const { card, reward, bronze, gold } = programme;
    const { transaction_id: id } = await buyFor(shop, ann.email, 24.5);

    expect(await dataOf(anns(listMyBalances))).toEqual([
      {
        ...{ card_id: card.id, card_name: 'Coffee card', balance: 245, active: 245, pending: 0, held: 0 },
        ...{ expiring_next: null, currency: 'EUR', tier: 'bronze' },
      },
    ]);
    const own = await dataOf(anns(getMyBalance, { params: { cardId: card.id } }));
    const theirs = await dataOf(partner.agent(memberBalance, { params: { id: ann.id, cardId: card.id } }));
    expect({ ...own, at: theirs.at, member_id: ann.id }).toEqual(theirs);
    const cards = await anns(listMyCards);
    expect(cards.body).toMatchObject({ data: [{ id: card.id, status: 'active' }], pagination: { total: 1 } });
    expect((await anns(listMyRewards)).body.data).toMatchObject([
      { id: reward.id, points: 200, card_ids: [card.id], remaining: null },
    ]);
    const history = (await anns(listMyTransactions)).body.data;
    expect(history).toMatchObject([{ id, points: 245, purchase_amount: 24.5, balance_after: 245 }]);
    for (const hidden of ['staff_id', 'staff_name', 'club_id', 'note', 'items', 'group_id']) {
      expect(history[0]).not.toHaveProperty(hidden);
    }
    expect(await dataOf(anns(getMyTier))).toEqual({
      ladders: [
        {
          ...{ scope: 'partner', card_ids: [card.id], lifetime_points: 245, points_to_next_tier: 755 },
          tier: expect.objectContaining({ id: bronze.id, name: 'bronze', points_multiplier: 1 }),
          next_tier: { id: gold.id, name: 'gold', display_name: 'gold', points_threshold: 1_000 },
        },
      ],
    });
  });

  it('claims the reward once, however often the app sends it, and shows a code that the till finds', async () => {
    const { anns, partner, programme, ann } = shop;
    const { card, reward } = programme;
    const claim = () =>
      anns(claimReward, {
        params: { id: reward.id },
        body: { card_id: card.id },
        headers: { 'idempotency-key': 'tap-1' },
      });

    const [first, again] = [await claim(), await claim()];

    const claimed = first.body.data;
    expect(claimed).toMatchObject({
      ...{ points_deducted: 200, member_balance: 245, new_balance: 45, reward: 'Free coffee', member_id: ann.id },
      ...{ claim_code: expect.stringMatching(/^[A-Z2-9]{8}$/), duplicate: false },
    });
    expect(again.body).toEqual(first.body);
    expect(again.headers['idempotency-replayed']).toBe('true');
    const found = await partner.agent(listTransactions, { query: { claim_code: claimed.claim_code } });
    expect(found.body.data).toMatchObject([
      { id: claimed.transaction_id, member_id: ann.id, event: 'member_redeemed_points_for_reward', points: -200 },
    ]);
    const refused = await anns(claimReward, { params: { id: reward.id }, body: { card_id: card.id } });
    expect([refused.status, refused.body]).toMatchObject([
      ...[422, { code: 'INSUFFICIENT_POINTS', details: { required: 200, balance: 45 } }],
    ]);
  });

  it('tells the language of the member', async () => {
    const { anns, partner, programme } = shop;
    const title = { en_US: 'Coffee', lt_LT: 'Kava' };
    await dataOf(partner.agent(updateCard, { params: { id: programme.card.id }, body: { title } }));

    const seen = await eventually('the title', async () => {
      const [balance] = await dataOf(anns(listMyBalances, { headers: { 'accept-language': 'lt-LT,en;q=0.5' } }));
      return balance?.card_name === 'Kava' && balance;
    });

    expect(seen.card_name).toBe('Kava');
    const card = await anns(getMyCard, { params: { id: programme.card.id }, headers: { 'accept-language': 'lt' } });
    expect(card.body.data).toMatchObject({ title: 'Kava', translations: { title } });
  });

  it('shows another member of the same partner nothing of it', async () => {
    const { bobs, programme } = shop;
    const { card, reward } = programme;

    expect(await dataOf(bobs(listMyBalances))).toEqual([]);
    expect((await bobs(listMyTransactions)).body).toMatchObject({ data: [], pagination: { total: 0 } });
    expect((await bobs(listMyCards)).body.data).toEqual([]);
    expect((await bobs(listMyRewards)).body.data).toEqual([]);
    expect((await bobs(getMyReward, { params: { id: reward.id } })).status).toBe(404);
    expect((await dataOf(bobs(getMyTier))).ladders).toMatchObject([{ lifetime_points: 0, card_ids: [] }]);
    const claim = await bobs(claimReward, { params: { id: reward.id }, body: { card_id: card.id } });
    expect([claim.status, claim.body]).toMatchObject([404, { code: 'NOT_FOUND', details: { field: 'card_id' } }]);
  });
});

describe('a card for everybody', () => {
  it('is seen by each member, with its rewards, before any purchase', async () => {
    const shop = await givenShop();
    const { partner, programme, bobs } = shop;
    await dataOf(
      adminApi()(updatePermissions, { params: { id: partner.partnerId }, body: { cards_on_homepage: true } }),
    );
    await eventually('the permission', async () => {
      const body = { is_visible_by_default: true };
      return (await partner.agent(updateCard, { params: { id: programme.card.id }, body })).status === 200;
    });

    expect((await bobs(listMyCards)).body.data).toMatchObject([{ id: programme.card.id }]);
    expect((await bobs(listMyRewards)).body.data).toMatchObject([{ id: programme.reward.id }]);
    const balance = await eventually('the balance', async () => {
      const { status, body } = await bobs(getMyBalance, { params: { cardId: programme.card.id } });
      return status === 200 && body.data;
    });
    expect(balance.balance).toBe(0);
  });
});

describe("a member's key", () => {
  it('opens nothing of a partner, and a partner’s key nothing of members', async () => {
    const { anns, partner } = await givenShop();
    const open = endpoints.filter(({ dialect, role }) => dialect === 'agent' && role === 'member');
    expect(open.length).toBeGreaterThan(8);

    const refused = [
      await anns(listTransactions),
      await anns(purchase, { body: purchase.example.body }),
      await anns(redeem, { body: redeem.example.body }),
    ];
    for (const { status, body } of refused) {
      expect([status, body]).toMatchObject([
        ...[403, { code: 'AUTH_WRONG_ROLE', details: { key_role: 'member', required_role: 'partner' } }],
      ]);
    }
    const { status, body } = await partner.agent(listMyBalances);
    expect([status, body]).toMatchObject([
      ...[403, { code: 'AUTH_WRONG_ROLE', details: { key_role: 'partner', required_role: 'member' } }],
    ]);
  });

  it('claims only with the scope for it', async () => {
    const shop = await givenShop();
    const { programme, ann } = shop;
    const viewOnly = await dataOf(
      adminApi()(createMemberKey, {
        params: { id: ann.id },
        body: { name: 'Look', preset: 'view_only', replace: false },
      }),
    );
    const looking = apiOf({ 'x-agent-key': viewOnly.key! });
    await buyFor(shop, ann.id, 30);

    expect(await dataOf(looking(listMyBalances))).toMatchObject([{ balance: 300 }]);
    const claim = await looking(claimReward, {
      params: { id: programme.reward.id },
      body: { card_id: programme.card.id },
    });
    expect([claim.status, claim.body]).toMatchObject([
      ...[403, { code: 'AUTH_INSUFFICIENT_SCOPE', details: { required_scopes: ['write:redeem'] } }],
    ]);
  });

  it('is closed with the feature of its partner, and with the partner', async () => {
    const { anns, partner } = await givenShop();
    const admin = adminApi();
    const params = { id: partner.partnerId };
    await dataOf(anns(listMyBalances));

    await dataOf(admin(updatePermissions, { params, body: { loyalty_cards_permission: false } }));
    const closed = await eventually('the closed gate', async () => {
      const answers = await Promise.all([anns(listMyBalances), anns(listMyCards), anns(getMyTier)]);
      return answers.every(({ status }) => status === 403) && answers;
    });
    expect(closed[0].body).toMatchObject({ code: 'FEATURE_DISABLED', details: { feature: 'loyalty_cards' } });

    await dataOf(admin(updatePartner, { params, body: { status: 'suspended' } }));
    const suspended = await eventually('the suspension', async () => {
      const { body } = await anns(listMyBalances);
      return (body as unknown as { code: string }).code === 'AUTH_OWNER_INACTIVE' && body;
    });
    expect(suspended).toMatchObject({ details: { account: 'partner' } });
  });
});
