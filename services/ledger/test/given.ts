import { expect } from '@jest/globals';
import {
  claimReward,
  newId,
  purchase,
  redeem,
  type CallerPartner,
  type Endpoint,
  type EventData,
  type memberChanged,
} from '@punchcard/contracts';
import { connect, type Sql } from '@punchcard/database';
import { createLog, identifierHash } from '@punchcard/service-kit';
import {
  createTestDatabase,
  createTestTopics,
  givenCallerPartner,
  memberCaller,
  partnerCaller,
  senderTo,
  startOwning,
  testSecrets,
  type Send,
  type Sending,
} from '@punchcard/testing';
import { createApp } from '../src/app.ts';
import type { Config } from '../src/config.ts';
import { noteLadderChange } from '../src/tiers/store.ts';
import { PARTNER_WIDE } from '../src/tiers/rules.ts';
import { openCounter, saveCard, saveClub, saveMember, savePartner, saveReward } from '../src/replicas/store.ts';
import { replaceIdentifiers, saveStaff, saveTier } from '../src/replicas/store.ts';
import type { CardCopy, RewardCopy, StaffCopy, TierCopy } from '../src/replicas/store.ts';
import { verifyLedger } from '../src/verify/verify-ledger.ts';

export const PEPPER = 'a pepper of the tests, and of them alone';

const log = createLog('test', { level: process.env['TEST_LOG_LEVEL'] ?? 'silent' });

/** The service as it runs, in as many processes as a test wants: each with two lanes, so that more meets, over one database. */
export const startLedger = (processes = 1) =>
  startOwning(async (own) => {
    const [database, topics] = await Promise.all([
      own(createTestDatabase('ledger'), ({ drop }) => drop()),
      own(createTestTopics('ledger'), ({ drop }) => drop()),
    ]);
    const config: Config = {
      ...{ port: 0, host: '127.0.0.1', lanes: 2, sweepMs: 3_600_000, rePlaceMs: 50, awardsMs: 50, countsMs: 50 },
      ...{ database: { url: database.patientUrl, poolMax: 5 }, kafka: topics.kafka },
      ...{ identifierPepper: PEPPER, callerSecrets: testSecrets },
    };
    const running = await times(processes, () => own(startApp(config), ({ stop }) => stop()));
    await topics.joined('ledger', processes);
    return {
      sql: database.sql,
      url: database.url,
      topics,
      config,
      apps: running.map(({ app }) => app),
      /** Sends to the processes in turn. */
      send: ((caller, endpoint, sending) => next(running).send(caller, endpoint, sending)) as Send,
    };
  });

/** Ends a ledger if it could be started, and holds that all its books are right, whatever the tests of a file did to them. */
export async function stopAndVerify(ledger: Ledger | undefined): Promise<void> {
  if (!ledger) return;
  try {
    expect((await verifyLedger(ledger.sql)).failed).toBeNull();
  } finally {
    await ledger.stop();
  }
}

let turn = 0;
const next = <T>(of: readonly T[]): T => of[(turn += 1) % of.length]!;

export type Ledger = Awaited<ReturnType<typeof startLedger>>;

export const startApp = (config: Config) =>
  startOwning(async (own) => {
    const app = own(createApp(config, log), async ({ booking, consumer, relay, sql, laneSql }) => {
      await booking.close();
      await Promise.all([consumer.stop(), relay.stop()]);
      await Promise.all([sql.end({ timeout: 5 }), laneSql.end({ timeout: 5 })]);
    });
    app.relay.start();
    app.consumer.start();
    await app.booking.warmUp();
    own(app.startJobs(), (jobs) => Promise.all(jobs.map((job) => job.stop())));
    const { port } = await own(app.service.listen(), () => app.service.close());
    return { app, send: senderTo(`http://127.0.0.1:${port}`) };
  });

/** A pool such as lanes have, but as patient as a test. */
export const connectLanes = (url: string, lanes = 2): Sql =>
  connect(url, { poolMax: lanes, byKeyOnly: true, lockTimeoutMs: 20_000, statementTimeoutMs: 20_000 });

interface Terms {
  partner?: Partial<Omit<CallerPartner, 'gates'>>;
  card?: Partial<CardCopy>;
  reward?: Partial<RewardCopy>;
  tiers?: Partial<TierCopy>[];
}

/** A partner with a club, a card, a reward and a member, as copies from their topics would be. */
export async function givenProgramme(sql: Sql, { partner: rest, card = {}, reward = {}, tiers = [] }: Terms = {}) {
  const partner = givenCallerPartner({}, rest);
  const ids = { partnerId: partner.id, clubId: newId(), cardId: newId(), rewardId: newId() };
  await sql.begin(async (tx) => {
    const copy = { partnerId: partner.id, sequence: 1 };
    await savePartner(tx, { ...copy, timeZone: partner.time_zone, locale: partner.locale });
    await saveClub(tx, { ...copy, clubId: ids.clubId, isActive: true });
    await saveCard(tx, { ...copy, ...plainCard, clubId: ids.clubId, cardId: ids.cardId, ...card });
    const limit = reward.maxNumberToRedeem ?? null;
    if (limit !== null) await openCounter(tx, partner.id, ids.rewardId);
    await saveReward(tx, { ...copy, ...plainReward, rewardId: ids.rewardId, cardIds: [ids.cardId], ...reward });
    for (const tier of tiers) await saveTier(tx, { ...copy, ...plainTier, tierId: newId(), ...tier });
    if (tiers.length > 0) await noteLadderChange(tx, partner.id, PARTNER_WIDE);
  });
  const member = await givenMember(sql, partner.id);
  return { partner, ...ids, ...member };
}

export type Programme = Awaited<ReturnType<typeof givenProgramme>>;

/** A member who is found by id and e-mail. */
export async function givenMember(sql: Sql, partnerId: string, email = `${newId()}@example.com`) {
  const memberId = newId();
  await sql.begin(async (tx) => {
    const member = { partnerId, memberId, isAnonymised: false, sequence: 1 };
    await saveMember(tx, member);
    await replaceIdentifiers(tx, member, [
      { identifier: memberId, kind: 'id', isFindable: true },
      { identifier: hashOf(partnerId, 'email', email), kind: 'email', isFindable: true },
    ]);
  });
  return { memberId, email };
}

/** Somebody who serves at the club. */
export async function givenStaff(
  sql: Sql,
  { partnerId, clubId }: { partnerId: string; clubId: string },
  fields: Partial<StaffCopy> = {},
) {
  const staffId = newId();
  const plain = { displayName: 'Ona', isActive: true, isDeleted: false, sequence: 1 };
  const staff = { ...plain, partnerId, staffId, clubId, ...fields };
  await sql.begin((tx) => saveStaff(tx, staff));
  return { staffId };
}

type Kind = EventData<typeof memberChanged>['identifiers'][number]['kind'];

export const hashOf = (partnerId: string, kind: Kind, value: string): string =>
  identifierHash(PEPPER, partnerId, { kind, value });

/** A till of the partner: what it sends goes to the ledger's processes in turn. */
export function givenTill(ledger: Pick<Ledger, 'send'>, { partner, ...programme }: Programme) {
  const caller = partnerCaller(partner);
  const send = (endpoint: Endpoint, sending: Sending = {}) => ledger.send(caller, endpoint, sending);
  const named = { card_id: programme.cardId, member_identifier: programme.email };
  return {
    send,
    buy: (amount: number, body: object = {}, sending: Sending = {}) =>
      send(purchase, { body: { ...named, purchase_amount: amount, ...body }, ...sending }),
    redeem: (body: object = {}, sending: Sending = {}) =>
      send(redeem, { body: { ...named, reward_id: programme.rewardId, ...body }, ...sending }),
  };
}

/** What a member asks with its own key. */
export function givenWallet(
  ledger: Pick<Ledger, 'send'>,
  { partner, memberId, rewardId, cardId }: Pick<Programme, 'partner' | 'memberId' | 'rewardId' | 'cardId'>,
) {
  const caller = memberCaller(partner, memberId);
  const send = (endpoint: Endpoint, sending: Sending = {}) => ledger.send(caller, endpoint, sending);
  return {
    send,
    claim: (body: object = {}, sending: Sending = {}) =>
      send(claimReward, { params: { id: rewardId }, body: { card_id: cardId, ...body }, ...sending }),
  };
}

export const times = <T>(count: number, make: (n: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, n) => make(n)));

/** A partner's zone in which no day ends while a test counts what happened on it. */
export const aboutNoon = () => {
  const ahead = 12 - new Date().getUTCHours();
  return { time_zone: `Etc/GMT${ahead < 0 ? '+' : '-'}${Math.abs(ahead)}` };
};

/** The day of the partner now. A test may begin on one and end on the next. */
export const dayOf = ({ time_zone: timeZone }: CallerPartner): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone }).format(new Date());

/** Ten points for a euro, for ever. */
export const plainCard = {
  ...{ isActive: true, issueDate: '2020-01-01T00:00:00.000Z', expirationDate: null, currency: 'EUR' },
  ...{ currencyUnitMinor: 100, pointsPerCurrency: 10, roundPointsUp: false, minPurchaseMinor: null },
  ...{ minPointsPerPurchase: null, maxPointsPerPurchase: null, initialBonusPoints: 0, pointsExpirationMonths: null },
  ...{ pointsExpirationRounding: 'none', pendingDays: 0, isDeleted: false },
  ...{ name: 'Coffee card', titles: {}, isVisibleByDefault: false },
};

export const plainReward = {
  ...{ name: 'Free coffee', titles: { en_US: 'Free coffee' }, points: 10, isActive: true, activeFrom: null },
  ...{ expirationDate: null, maxNumberToRedeem: null, maxPerMember: null, isDeleted: false },
};

export const plainTier = {
  ...{ scopeId: PARTNER_WIDE, name: 'bronze', pointsThreshold: 0, multiplierBp: 10_000, redemptionDiscountBp: 0 },
  ...{ isDefault: false, isActive: true, isDeleted: false, displayNames: {}, icon: null, color: null, level: 1 },
};
