import { closeStampCard, newId, type CallerPartner } from '@punchcard/contracts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { partnerCaller } from '@punchcard/testing';
import { aboutNoon, givenMember, givenProgramme, givenStaff, givenTill, startLedger } from './given.ts';
import { stopAndVerify, times } from './given.ts';
import type { Ledger, Programme } from './given.ts';
import { backdateStamps, givenStamper, givenStampCard } from './given-stamps.ts';

let ledger: Ledger;
beforeAll(async () => {
  // Two processes, each with lanes of its own: what they agree on, the database decided.
  ledger = await startLedger(2);
});
afterAll(() => stopAndVerify(ledger));

type Terms = Parameters<typeof givenStampCard>[2];

/** A member before a stamp card. */
async function given(terms: Terms | ((programme: Programme) => Terms) = {}, partner: Partial<CallerPartner> = {}) {
  const programme = await givenProgramme(ledger.sql, { partner });
  const fields = typeof terms === 'function' ? terms(programme) : terms;
  const { stampCardId, change } = await givenStampCard(ledger.sql, programme, fields);
  return { ...programme, stampCardId, change, ...givenStamper(ledger, programme, stampCardId) };
}

const anyId = expect.stringMatching(/^[0-9a-f-]{36}$/);
const anyTime = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

const outboxOf = ({ partnerId }: { partnerId: string }) =>
  ledger.sql<{ type: string; data: Record<string, unknown> }[]>`
    select type, data from outbox where partner_id = ${partnerId} order by id
  `;

const progressOf = async ({ partnerId, stampCardId }: { partnerId: string; stampCardId: string }) => {
  const [progress] = await ledger.sql`
    select seq, completed_count, pending_rewards, stamps_required, open_stamps
    from stamp_progress
    where partner_id = ${partnerId} and stamp_card_id = ${stampCardId}
  `;
  return progress;
};

describe('POST /partner/stamp-cards/{id}/stamps', () => {
  it('gives the stamps of a purchase, and says how far the member is', async () => {
    const till = await given({ stampsPerPurchase: 2, stampsExpireDays: 30 });

    const { status, body } = await till.add({ note: 'flat white' }, { language: 'lt' });

    expect(status).toBe(200);
    expect(body.data).toEqual({
      ...{ stamp_card_id: till.stampCardId, title: 'Kavos', member_id: till.memberId, current_stamps: 2 },
      ...{ stamps_required: 5, completed_count: 0, pending_rewards: 0, next_expiry: anyTime, last_stamp_at: anyTime },
      ...{ stamps_added: 2, completed: false, points_awarded: 0, transaction_id: null, stamp_event_id: anyId },
      ...{ matched_by: 'email', duplicate: false },
    });
    expect(await outboxOf(till)).toEqual([
      {
        type: 'ledger.stamps_added.v1',
        data: {
          ...{ stamp_event_id: body.data.stamp_event_id, member_id: till.memberId, stamp_card_id: till.stampCardId },
          ...{ club_id: till.clubId, seq: 1, staff_id: null, reference: null, time_zone: 'Europe/Vilnius' },
          ...{ created_at: body.data.last_stamp_at, stamps: 2, current_stamps: 2, stamps_required: 5 },
          expires_at: body.data.next_expiry,
        },
      },
    ]);
  });

  it('completes the card with its last stamp; stamps beyond begin the next', async () => {
    const till = await given();
    await till.add({ stamps: 4 });

    const { body } = await till.add({ stamps: 3 });

    expect(body.data).toMatchObject({
      ...{ current_stamps: 2, completed: true, completed_count: 1, pending_rewards: 1, points_awarded: 0 },
    });
    expect((await outboxOf(till)).slice(1)).toMatchObject([
      { type: 'ledger.stamps_added.v1', data: { stamps: 3, current_stamps: 2, seq: 2 } },
      {
        type: 'ledger.stamp_card_completed.v1',
        data: { stamps: 3, stamps_required: 5, completions: 1, completed_count: 1, pending_rewards: 1, seq: 2 },
      },
    ]);
  });

  it('completes several cards at once, and pays all of them in one entry of the other card', async () => {
    const till = await given(({ cardId }) => ({
      ...{ rewardPoints: 50, rewardCardId: cardId, requiresPhysicalClaim: false },
    }));

    const { body } = await till.add({ stamps: 17, note: 'a party' });

    expect(body.data).toMatchObject({
      ...{ current_stamps: 2, completed_count: 3, pending_rewards: 0, points_awarded: 150, transaction_id: anyId },
    });
    const entries = await ledger.sql`
      select transaction_id, card_id, kind, event, points, balance_after, note from entries where partner_id = ${till.partnerId}
    `;
    expect([...entries]).toEqual([
      {
        ...{ transactionId: body.data.transaction_id, cardId: till.cardId, kind: 'stamps', note: 'a party' },
        ...{ event: 'stamp_card_reward_points', points: 150, balanceAfter: 150 },
      },
    ]);
    expect((await outboxOf(till)).map(({ type }) => type)).toEqual([
      'ledger.points_earned.v1',
      'ledger.stamps_added.v1',
      'ledger.stamp_card_completed.v1',
    ]);
    expect(await till.redeem()).toMatchObject({ status: 422, body: { code: 'STAMP_CARD_INCOMPLETE' } });
  });

  it('pays points and hands out something, if the card says both, also when the card of the points is off', async () => {
    const till = await given(({ cardId }) => ({ rewardPoints: 9, rewardCardId: cardId, requiresPhysicalClaim: true }));
    await ledger.sql`update cards set is_active = false where partner_id = ${till.partnerId}`;

    const { body } = await till.add({ stamps: 5 });

    expect(body.data).toMatchObject({ pending_rewards: 1, points_awarded: 9, current_stamps: 0 });
  });

  it('completes a card exactly once when fifty last stamps come at once at two processes', async () => {
    const till = await given(({ cardId }) => ({ rewardPoints: 10, rewardCardId: cardId, stampsRequired: 50 }));
    await till.add({ stamps: 49 });

    const answers = await times(50, () => till.add());

    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 50 }, () => 200));
    expect(answers.filter(({ body }) => body.data.completed)).toHaveLength(1);
    expect(answers.map(({ body }) => body.data.current_stamps).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 50 }, (_, n) => n),
    );
    expect(await progressOf(till)).toMatchObject({ seq: 51, completedCount: 1, pendingRewards: 1 });
    const [paid] = await ledger.sql`
      select count(*) as entries, sum(points)::bigint as points from entries where partner_id = ${till.partnerId}
    `;
    expect(paid).toEqual({ entries: 1, points: 10 });
  });

  it('counts first stamps of a new member that come at once, on many stamp cards', async () => {
    const till = await given();
    const others = await times(4, () => givenStampCard(ledger.sql, till));
    const tills = others.map(({ stampCardId }) => givenStamper(ledger, till, stampCardId));

    const answers = await times(40, (n) => tills[n % 4]!.add());

    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 40 }, () => 200));
    const { body } = await till.begun();
    expect(body.data.map((one: { completed_count: number }) => one.completed_count)).toEqual([2, 2, 2, 2]);
  });

  it('keeps the number of a card that was begun; a change acts on the next', async () => {
    const till = await given();
    await till.add({ stamps: 2 });
    await till.change({ stampsRequired: 3 });

    expect((await till.add({ stamps: 2 })).body.data).toMatchObject({ current_stamps: 4, stamps_required: 5 });
    expect((await till.add({ stamps: 2 })).body.data).toMatchObject({
      ...{ current_stamps: 1, stamps_required: 3, completed_count: 1 },
    });
    expect((await till.add({ stamps: 2 })).body.data).toMatchObject({
      ...{ current_stamps: 0, stamps_required: 3, completed_count: 2, next_expiry: null },
    });
  });

  it.each([
    [
      { maxStampsPerTransaction: 2 },
      { limit_name: 'max_stamps_per_transaction', limit: 2, current: 3, resets_at: null },
    ],
    [{ maxStampsPerDay: 4 }, { limit_name: 'max_stamps_per_day', limit: 4, current: 2, resets_at: anyTime }],
  ])('refuses more than %p whole', async (terms, details) => {
    const till = await given(terms, aboutNoon());
    await till.add({ stamps: 2 });

    expect(await till.add({ stamps: 3 })).toMatchObject({
      status: 422,
      body: { code: 'STAMP_LIMIT_REACHED', details },
    });
    expect((await till.add({ stamps: 2 })).body.data.current_stamps).toBe(4);
  });

  it('lets no more through in a day than its limit, however many come at once', async () => {
    const till = await given({ maxStampsPerDay: 7 }, aboutNoon());

    const answers = await times(30, () => till.add());

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(7);
    expect(await progressOf(till)).toMatchObject({ seq: 7, completedCount: 1 });
  });

  it('asks for the minimum purchase, in decimals that its currency has', async () => {
    const till = await given({ minPurchaseMinor: 250 });
    const refusal = { status: 422, body: { code: 'STAMP_MINIMUM_NOT_MET', details: { min_purchase_amount: 2.5 } } };

    expect(await till.add()).toMatchObject(refusal);
    expect(await till.add({ purchase_amount: 2.49 })).toMatchObject(refusal);
    expect((await till.add({ purchase_amount: 2.5 })).status).toBe(200);
    expect(await till.add({ purchase_amount: 2.505 })).toMatchObject({
      ...{ status: 422, body: { code: 'VALIDATION_FAILED' } },
      body: { details: { errors: { purchase_amount: ['must have at most 2 decimals (EUR)'] } } },
    });
  });

  const hourAgo = new Date(Date.now() - 3_600_000).toISOString();
  const inAnHour = new Date(Date.now() + 3_600_000).toISOString();
  it.each<[string, Terms]>([
    ['off', { isActive: false }],
    ['not yet valid', { validFrom: inAnHour }],
    ['past its end', { validUntil: hourAgo }],
  ])('gives no stamps on a card that is %s', async (_name, terms) => {
    const till = await given(terms);

    expect(await till.add()).toMatchObject({
      ...{ status: 422, body: { code: 'STAMP_CARD_INACTIVE', details: { stamp_card_id: till.stampCardId } } },
    });
  });

  it('gives none while its club is off, and goes on afterwards', async () => {
    const till = await given();
    await ledger.sql`update clubs set is_active = false where partner_id = ${till.partnerId}`;
    expect((await till.add()).body.code).toBe('STAMP_CARD_INACTIVE');
    await ledger.sql`update clubs set is_active = true where partner_id = ${till.partnerId}`;

    expect((await till.add()).status).toBe(200);
  });

  it("takes only active staff of the stamp card's club", async () => {
    const till = await given();
    const { staffId } = await givenStaff(ledger.sql, till);
    const other = await givenStaff(ledger.sql, { partnerId: till.partnerId, clubId: newId() });

    expect((await till.add({ staff_id: staffId })).status).toBe(200);
    for (const id of [other.staffId, newId()]) {
      expect(await till.add({ staff_id: id })).toMatchObject({
        ...{
          status: 422,
          body: { code: 'VALIDATION_FAILED', details: { errors: { staff_id: [expect.any(String)] } } },
        },
      });
    }
  });

  it('takes ids in capitals for what they are', async () => {
    const till = await given();
    const loud = { ...till, memberId: till.memberId.toUpperCase() };
    const { add, begun } = givenStamper(ledger, loud, till.stampCardId.toUpperCase());

    expect((await add()).body.data.stamp_card_id).toBe(till.stampCardId);
    expect((await begun()).body.data).toMatchObject([{ member_id: till.memberId, current_stamps: 1 }]);
  });

  it("refuses another partner's stamp card and member exactly as missing ones", async () => {
    const [till, other] = await Promise.all([given(), given()]);
    const strangers = givenStamper(ledger, till, other.stampCardId);

    expect(await strangers.add()).toMatchObject({
      ...{ status: 404, body: { code: 'NOT_FOUND', details: { resource: 'stamp_card', id: other.stampCardId } } },
    });
    expect(await till.add({ member_identifier: other.memberId })).toMatchObject({
      ...{ status: 404, body: { code: 'MEMBER_NOT_FOUND', details: { member_identifier: other.memberId } } },
    });
  });

  it('stamps once for fifty parallel requests with one key, and gives the very same answer', async () => {
    const till = await given();

    const answers = await times(50, () => till.add({ stamps: 2 }, { key: 'order-1' }));

    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(answers.filter(({ isReplayed }) => !isReplayed)).toHaveLength(1);
    expect(await progressOf(till)).toMatchObject({ seq: 1 });
    expect((await till.add({ stamps: 3 }, { key: 'order-1' })).body.code).toBe('IDEMPOTENCY_KEY_REUSED');
  });

  it('stamps once for one reference, also later and after the default changed; other content is a conflict', async () => {
    const till = await given();

    const answers = await times(20, () => till.add({ reference: 'receipt', purchase_amount: 3 }));
    await till.change({ stampsPerPurchase: 4, isActive: false });
    const later = await till.add({ reference: 'receipt', purchase_amount: 3 });

    expect(answers.filter(({ body }) => !body.data.duplicate)).toHaveLength(1);
    expect(new Set([...answers, later].map(({ body }) => body.data.stamp_event_id)).size).toBe(1);
    expect(later.body.data).toMatchObject({ duplicate: true, stamps_added: 1, current_stamps: 1 });
    const conflict = {
      ...{ status: 409, body: { code: 'REFERENCE_CONFLICT' } },
      body: { details: { reference: 'receipt', existing_id: later.body.data.stamp_event_id } },
    };
    expect(await till.add({ reference: 'receipt', purchase_amount: 4 })).toMatchObject(conflict);
    expect(await till.add({ reference: 'receipt', purchase_amount: 3, stamps: 1 })).toMatchObject(conflict);
    const { email } = await givenMember(ledger.sql, till.partnerId);
    expect(await till.add({ reference: 'receipt', purchase_amount: 3, member_identifier: email })).toMatchObject(
      conflict,
    );
  });

  it('uses a reference of stamps apart from one of purchases', async () => {
    const till = await given();
    await till.add({ reference: 'one' });

    expect((await givenTill(ledger, till).buy(5, { reference: 'one' })).body.data.duplicate).toBe(false);
  });
});

describe('the expiry of stamps', () => {
  it('is exact at the instant it is due, for each stamp on its own, without a sweep', async () => {
    const till = await given({ stampsExpireDays: 2 });
    await till.add({ stamps: 1 });
    await till.change({ stampsExpireDays: 1 });
    await till.add({ stamps: 2 });
    await backdateStamps(ledger.sql, till, 25);

    expect((await till.begun()).body.data[0]).toMatchObject({ current_stamps: 1, stamps_required: 5 });
    const { body } = await till.add({ stamps: 2 });

    expect(body.data).toMatchObject({ current_stamps: 3, completed: false });
    const events = await ledger.sql`
      select kind, stamps, stamps_after from stamp_events where partner_id = ${till.partnerId} order by seq
    `;
    expect([...events]).toEqual([
      { kind: 'added', stamps: 1, stampsAfter: 1 },
      { kind: 'added', stamps: 2, stampsAfter: 3 },
      { kind: 'expired', stamps: -2, stampsAfter: 1 },
      { kind: 'added', stamps: 2, stampsAfter: 3 },
    ]);
  });

  it('ends a card of which all stamps expired: the next begins by the number of today', async () => {
    const till = await given({ stampsExpireDays: 1 });
    await till.add({ stamps: 4 });
    await till.change({ stampsRequired: 2 });
    await backdateStamps(ledger.sql, till, 25);

    expect((await till.begun()).body.data[0]).toMatchObject({
      current_stamps: 0,
      stamps_required: 2,
      next_expiry: null,
    });
    expect((await till.add()).body.data).toMatchObject({ current_stamps: 1, stamps_required: 2, completed_count: 0 });
  });

  it('leaves rewards that wait', async () => {
    const till = await given({ stampsExpireDays: 1 });
    await till.add({ stamps: 5 });
    await backdateStamps(ledger.sql, till, 48);

    expect((await till.redeem()).body.data).toMatchObject({ pending_rewards: 0 });
  });
});

describe('POST /partner/stamp-cards/{id}/redeem', () => {
  it('hands out one reward, also after the card ended', async () => {
    const till = await given();
    await till.add({ stamps: 10 });
    await till.change({ isActive: false, validUntil: hourAgo() });

    const { status, body } = await till.redeem({ note: 'to go', reference: 'cup-1' });

    expect(status).toBe(200);
    expect(body.data).toEqual({
      ...{ redemption_id: anyId, stamp_card_id: till.stampCardId, member_id: till.memberId, reward_title: 'A coffee' },
      ...{ points_awarded: 0, pending_rewards: 1, redeemed_at: anyTime, matched_by: 'email', duplicate: false },
    });
    expect((await till.redeem({ reference: 'cup-1' })).body.data).toEqual({ ...body.data, duplicate: true });
    expect((await outboxOf(till)).at(-1)).toMatchObject({
      ...{
        type: 'ledger.stamp_reward_redeemed.v1',
        data: { stamp_event_id: body.data.redemption_id, pending_rewards: 1 },
      },
    });
  });

  it('hands out one pending reward to one of twenty parallel requests', async () => {
    const till = await given();
    await till.add({ stamps: 7 });

    const answers = await times(20, () => till.redeem());

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    for (const { status, body } of answers.filter(({ status: code }) => code !== 200)) {
      expect({ status, body }).toMatchObject({
        ...{ status: 422, body: { code: 'STAMP_CARD_INCOMPLETE', details: { current_stamps: 2, stamps_required: 5 } } },
      });
    }
    expect(await progressOf(till)).toMatchObject({ pendingRewards: 0, seq: 2 });
  });

  it('refuses a member who has begun nothing, and keeps nothing of it', async () => {
    const till = await given();

    expect(await till.redeem()).toMatchObject({
      ...{ status: 422, body: { code: 'STAMP_CARD_INCOMPLETE', details: { current_stamps: 0, stamps_required: 5 } } },
    });
    expect(await progressOf(till)).toBeUndefined();
  });

  it('replays its key', async () => {
    const till = await given();
    await till.add({ stamps: 10 });
    const first = await till.redeem({}, { key: 'cup' });

    expect(await till.redeem({}, { key: 'cup' })).toMatchObject({ body: first.body, isReplayed: true });
    expect(await progressOf(till)).toMatchObject({ pendingRewards: 1 });
  });
});

const hourAgo = () => new Date(Date.now() - 3_600_000).toISOString();

describe('GET /partner/members/{id}/stamp-cards', () => {
  it('lists what the member has begun, in pages, in the language of the caller', async () => {
    const till = await given({ stampsExpireDays: 10 });
    const second = givenStamper(ledger, till, (await givenStampCard(ledger.sql, till)).stampCardId);
    await givenStampCard(ledger.sql, till);
    await till.add({ stamps: 6 });
    await second.add();

    const { status, body } = await till.begun({ query: { per_page: 1, page: 2 }, language: 'lt' });

    expect(status).toBe(200);
    expect(body).toMatchObject({ pagination: { current_page: 2, per_page: 1, total: 2, last_page: 2 } });
    expect(body.data).toEqual([
      {
        ...{ stamp_card_id: till.stampCardId, title: 'Kavos', member_id: till.memberId, current_stamps: 1 },
        ...{ stamps_required: 5, completed_count: 1, pending_rewards: 1, next_expiry: anyTime, last_stamp_at: anyTime },
      },
    ]);
  });

  it('is 404 for a member the partner does not have', async () => {
    const [till, other] = await Promise.all([given(), given()]);
    const stranger = givenStamper(ledger, { ...till, memberId: other.memberId }, till.stampCardId);

    expect(await stranger.begun()).toMatchObject({ status: 404, body: { code: 'MEMBER_NOT_FOUND' } });
  });
});

describe('GET /member/stamp-cards', () => {
  it('shows open cards that are for everybody, and begun ones whatever they are', async () => {
    const till = await given({ isVisibleByDefault: false });
    await till.add();
    await till.change({ isVisibleByDefault: false, isActive: false });
    const open = await givenStampCard(ledger.sql, till, { descriptions: { en_US: 'Drink' }, rewardPoints: null });
    await givenStampCard(ledger.sql, till, { isVisibleByDefault: false });
    await givenStampCard(ledger.sql, till, { isActive: false });
    await givenStampCard(ledger.sql, till, { validUntil: hourAgo() });

    const { status, body } = await till.own();

    expect(status).toBe(200);
    expect(body.data).toEqual([
      {
        ...{ stamp_card_id: open.stampCardId, title: 'Coffees', member_id: till.memberId, current_stamps: 0 },
        ...{ stamps_required: 5, completed_count: 0, pending_rewards: 0, next_expiry: null, last_stamp_at: null },
        ...{ description: 'Drink', reward_title: 'A coffee', reward_description: null, reward_points: null },
        ...{ valid_until: null, bg_color: '#102030', text_color: null, stamp_icon: 'cup' },
      },
      expect.objectContaining({ stamp_card_id: till.stampCardId, current_stamps: 1 }),
    ]);
  });

  it('shows only what was begun while the partner may have no stamp cards', async () => {
    const till = await given();
    await till.add();
    await givenStampCard(ledger.sql, till);
    const partner = { ...till.partner, gates: { ...till.partner.gates, stamp_cards_permission: false } };

    const { body } = await givenStamper(ledger, { ...till, partner }, till.stampCardId).own();

    expect(body.data).toMatchObject([{ stamp_card_id: till.stampCardId, current_stamps: 1 }]);
  });
});

describe('POST /internal/stamp-cards/{id}/close', () => {
  const close = ({ partner, stampCardId }: Awaited<ReturnType<typeof given>>) =>
    ledger.send(partnerCaller(partner), closeStampCard, { params: { id: stampCardId } });

  it('refuses while rewards wait; then ends what was begun, as often as it is asked', async () => {
    const till = await given();
    await till.add({ stamps: 11 });

    expect(await close(till)).toMatchObject({
      ...{ status: 409, body: { code: 'CONFLICT' } },
      body: { details: { reason: 'pending_rewards', blocking: { pending_rewards: 2 } } },
    });
    await till.redeem();
    await till.redeem();
    expect((await close(till)).status).toBe(200);
    expect((await close(till)).status).toBe(200);
    expect(await till.add()).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
    expect((await till.begun()).body.data).toEqual([]);
    expect((await till.own()).body.data).toEqual([]);
  });

  it('leaves no reward behind when stamps come at the same time', async () => {
    const till = await given();
    await till.add({ stamps: 4 });

    const [closed, ...added] = await Promise.all([close(till), ...Array.from({ length: 10 }, () => till.add())]);

    const progress = await progressOf(till);
    if (closed.status === 200) {
      expect(progress).toMatchObject({ pendingRewards: 0 });
      expect(added.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 404));
    } else {
      expect(progress!['pendingRewards']).toBeGreaterThan(0);
      expect(added.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200));
    }
  });
});
