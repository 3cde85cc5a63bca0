import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { awardPoints, memberStanding, newId, voucherRedeemed } from '@punchcard/contracts';
import { waitFor } from '@punchcard/testing';
import { givenMember, givenProgramme, givenTill, startLedger, stopAndVerify } from './given.ts';
import type { Ledger, Programme } from './given.ts';

let ledger: Ledger;
beforeAll(async () => {
  ledger = await startLedger();
});
afterAll(() => stopAndVerify(ledger));

const redeemed = ({ memberId, cardId }: Programme, redemptionId: string, points = 150) => ({
  ...{ event: voucherRedeemed, key: memberId },
  data: {
    ...voucherRedeemed.example,
    ...{ redemption_id: redemptionId, type: 'bonus_points', member_id: memberId, card_id: cardId, points },
  },
});

const entriesOf = ({ partnerId }: Programme) => ledger.sql`
  select event, points, reference from entries where partner_id = ${partnerId} order by seq
`;

describe('vouchers.voucher_redeemed.v1', () => {
  it('brings the points of a voucher that the call could not bring, once, also when it comes again', async () => {
    const given = await givenProgramme(ledger.sql);
    const id = newId();

    await ledger.topics.publish(given.partnerId, [redeemed(given, id), redeemed(given, id)]);
    await waitFor('the points', async () => (await entriesOf(given)).length > 0);
    const other = newId();
    await ledger.topics.publish(given.partnerId, [redeemed(given, id), redeemed(given, other, 7)]);
    await waitFor('the points of the other', async () => (await entriesOf(given)).length > 1);

    expect(await entriesOf(given)).toEqual([
      { event: 'voucher_bonus_points', points: 150, reference: id },
      { event: 'voucher_bonus_points', points: 7, reference: other },
    ]);
  });

  it('books nothing more when the call came first, and nothing for a voucher without points', async () => {
    const given = await givenProgramme(ledger.sql);
    const till = givenTill(ledger, given);
    const id = newId();
    const { status } = await till.send(awardPoints, {
      body: {
        ...{ card_id: given.cardId, member_id: given.memberId, event: 'voucher_bonus_points', points: 150 },
        ...{ reference: id, staff_id: null, occurred_at: voucherRedeemed.example.redeemed_at },
      },
    });
    expect(status).toBe(200);

    const last = newId();
    const without = { ...redeemed(given, newId(), 0) };
    const plain = { ...without, data: { ...without.data, card_id: null } };
    await ledger.topics.publish(given.partnerId, [redeemed(given, id), plain, redeemed(given, last, 1)]);
    await waitFor('the last event', async () => (await entriesOf(given)).length > 1);

    expect((await entriesOf(given)).map(({ points }) => points)).toEqual([150, 1]);
  });
});

describe('internal.members.standing', () => {
  const standingOf = async (given: Programme, id = given.memberId) =>
    (await givenTill(ledger, given).send(memberStanding, { params: { id } })).body;

  it('tells the tiers that a member holds now, and whether anything was bought', async () => {
    const [bronze, gold, club] = [newId(), newId(), newId()];
    const clubId = newId();
    const given = await givenProgramme(ledger.sql, {
      tiers: [
        { tierId: bronze, isDefault: true },
        { tierId: gold, name: 'gold', pointsThreshold: 100 },
        { tierId: club, name: 'club', scopeId: clubId, isDefault: true },
      ],
    });

    const before = (await standingOf(given)).data;
    expect(before.has_purchased).toBe(false);
    expect(before.tier_ids.toSorted()).toEqual([bronze, club].toSorted());
    await givenTill(ledger, given).buy(10);

    const after = (await standingOf(given)).data;
    expect(after.has_purchased).toBe(true);
    expect(after.tier_ids.toSorted()).toEqual([gold, club].toSorted());
  });

  it('knows only members of the partner', async () => {
    const given = await givenProgramme(ledger.sql);
    const other = await givenProgramme(ledger.sql);
    const stranger = await givenMember(ledger.sql, other.partnerId);

    expect(await standingOf(given, stranger.memberId)).toMatchObject({ code: 'MEMBER_NOT_FOUND' });
    expect((await standingOf(given)).data).toEqual({ tier_ids: [], has_purchased: false });
  });
});
