import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@punchcard/contracts';
import { saveCard, saveReward } from '../src/replicas/store.ts';
import type { CardCopy, RewardCopy } from '../src/replicas/store.ts';
import { givenStampCard, givenStamper } from './given-stamps.ts';
import { aboutNoon, givenProgramme, givenTill, givenWallet, plainCard, plainReward } from './given.ts';
import { startLedger, stopAndVerify, times } from './given.ts';
import type { Ledger, Programme } from './given.ts';

let ledger: Ledger;
beforeAll(async () => {
  ledger = await startLedger(2);
});
afterAll(() => stopAndVerify(ledger));

type Answers = Awaited<ReturnType<ReturnType<typeof givenTill>['buy']>>[];

/** Twenty tries of one thing, each with a key of its own, as an SDK sends them that makes its keys anew. */
const tries = (send: (sending: { key: string }) => Promise<Answers[number]>, named = newId()) =>
  times(20, (n) => send({ key: `${named} ${n}` }));

/** All got the one answer, and one of them was first. */
function expectOne(answers: Answers): void {
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  const data = answers.map(({ body }) => body.data as Record<string, unknown>);
  expect(new Set(data.map(({ duplicate: _, ...rest }) => JSON.stringify(rest))).size).toBe(1);
  expect(data.filter(({ duplicate }) => !duplicate)).toHaveLength(1);
}

const changeCard = ({ partnerId, clubId, cardId }: Programme, sequence: number, fields: Partial<CardCopy>) =>
  ledger.sql.begin((tx) => saveCard(tx, { ...plainCard, partnerId, clubId, cardId, sequence, ...fields }));

const changeReward = ({ partnerId, rewardId, cardId }: Programme, sequence: number, fields: Partial<RewardCopy>) =>
  ledger.sql.begin((tx) =>
    saveReward(tx, { ...plainReward, partnerId, rewardId, cardIds: [cardId], sequence, ...fields }),
  );

const PAST = '2021-01-01T00:00:00.000Z';

describe('one reference with a new Idempotency-Key for each try', () => {
  it('is one purchase, and each key answers the same for good', async () => {
    const till = givenTill(ledger, await givenProgramme(ledger.sql));
    const buy = (sending: { key: string }) => till.buy(24.5, { reference: 'receipt' }, sending);

    const answers = await tries(buy, 'try');
    const again = await tries(buy, 'try');

    expectOne(answers);
    expect(again.map(({ isReplayed, body }) => [isReplayed, body])).toEqual(answers.map(({ body }) => [true, body]));
  });

  it('is one redemption, though points, stock and member are good for one only', async () => {
    const given = await givenProgramme(ledger.sql, { reward: { points: 10, maxNumberToRedeem: 1, maxPerMember: 1 } });
    const till = givenTill(ledger, given);
    await till.buy(1);

    expectOne(await tries((sending) => till.redeem({ reference: 'receipt' }, sending)));
    expect((await till.redeem({ reference: 'another' })).body.code).toBe('REWARD_NOT_AVAILABLE');
  });

  it('is one claim with one code', async () => {
    const given = await givenProgramme(ledger.sql, { reward: { points: 10 } });
    await givenTill(ledger, given).buy(1);
    const { claim } = givenWallet(ledger, given);

    expectOne(await tries((sending) => claim({ reference: 'app' }, sending)));
  });

  it('is stamped once, though the day has no room for more, and hands out one reward', async () => {
    const given = await givenProgramme(ledger.sql, { partner: aboutNoon() });
    const { stampCardId } = await givenStampCard(ledger.sql, given, { stampsRequired: 2, maxStampsPerDay: 2 });
    const till = givenStamper(ledger, given, stampCardId);

    expectOne(await tries((sending) => till.add({ stamps: 2, reference: 'receipt' }, sending)));
    expectOne(await tries((sending) => till.redeem({ reference: 'receipt' }, sending)));
    expect((await till.add({ reference: 'another' })).body.code).toBe('STAMP_LIMIT_REACHED');
    expect((await till.redeem({ reference: 'another' })).body.code).toBe('STAMP_CARD_INCOMPLETE');
  });
});

describe('a till that repeats what it got no answer to', () => {
  it('learns of its purchase whatever became of the card since', async () => {
    const given = await givenProgramme(ledger.sql);
    const till = givenTill(ledger, given);
    const first = await till.buy(24.5, { reference: 'receipt' }, { key: 'order' });
    const repeated = { ...first.body.data, duplicate: true };

    const changes: [Partial<CardCopy>, string][] = [
      [{ pointsPerCurrency: 1, initialBonusPoints: 5 }, ''],
      [{ isActive: false }, 'CARD_INACTIVE'],
      [{ expirationDate: PAST }, 'CARD_EXPIRED'],
      [{ isDeleted: true }, 'NOT_FOUND'],
    ];
    for (const [n, [change, refusal]] of changes.entries()) {
      await changeCard(given, n + 2, change);
      expect((await till.buy(24.5, { reference: 'receipt' })).body.data).toEqual(repeated);
      expect(await till.buy(24.5, { reference: 'receipt' }, { key: 'order' })).toMatchObject({
        ...{ isReplayed: true, body: first.body },
      });
      if (refusal) expect((await till.buy(24.5, { reference: newId() })).body.code).toBe(refusal);
    }
    expect((await till.buy(25, { reference: 'receipt' })).body.code).toBe('REFERENCE_CONFLICT');
  });

  it('learns of its redemption whatever became of points, reward and card since', async () => {
    const given = await givenProgramme(ledger.sql, { reward: { points: 10, maxNumberToRedeem: 2 } });
    const till = givenTill(ledger, given);
    await till.buy(1);
    const first = await till.redeem({ reference: 'receipt' });
    const repeated = { ...first.body.data, duplicate: true };
    const repeat = async () => (await till.redeem({ reference: 'receipt' })).body.data;

    expect((await till.redeem()).body.code).toBe('INSUFFICIENT_POINTS');
    expect(await repeat()).toEqual(repeated);
    await changeReward(given, 2, { points: 500, isActive: false, expirationDate: PAST, maxNumberToRedeem: 1 });
    expect(await repeat()).toEqual(repeated);
    await changeReward(given, 3, { isDeleted: true, maxNumberToRedeem: 1 });
    expect(await repeat()).toEqual(repeated);
    await changeCard(given, 4, { isDeleted: true });
    expect(await repeat()).toEqual(repeated);
    expect((await till.redeem({ reference: 'another' })).status).toBe(404);
  });

  it('learns of its stamps and of what it handed out after the stamp card is gone', async () => {
    const given = await givenProgramme(ledger.sql);
    const { stampCardId, change } = await givenStampCard(ledger.sql, given, { stampsRequired: 2 });
    const till = givenStamper(ledger, given, stampCardId);
    const added = await till.add({ stamps: 2, reference: 'receipt' });
    const handedOut = await till.redeem({ reference: 'receipt' });

    await change({ isDeleted: true, isActive: false });

    expect((await till.add({ stamps: 2, reference: 'receipt' })).body.data).toEqual({
      ...{ ...added.body.data, duplicate: true },
    });
    expect((await till.redeem({ reference: 'receipt' })).body.data).toEqual({
      ...{ ...handedOut.body.data, duplicate: true },
    });
    expect((await till.add({ stamps: 2, reference: 'another' })).status).toBe(404);
    expect((await till.redeem({ reference: 'another' })).status).toBe(404);
  });
});

describe('a member whose app repeats a claim', () => {
  it('sees its code after reward and card are gone', async () => {
    const given = await givenProgramme(ledger.sql, { reward: { points: 10 } });
    await givenTill(ledger, given).buy(1);
    const { claim } = givenWallet(ledger, given);
    const first = await claim({ reference: 'app' });
    const repeated = { ...first.body.data, duplicate: true };

    await changeReward(given, 2, { isDeleted: true });
    expect((await claim({ reference: 'app' })).body.data).toEqual(repeated);
    await changeCard(given, 3, { isDeleted: true });
    expect((await claim({ reference: 'app' })).body.data).toEqual(repeated);
    expect((await claim({ reference: 'another' })).status).toBe(404);
  });
});
