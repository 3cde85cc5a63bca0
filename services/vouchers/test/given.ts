import {
  AppError,
  awardPoints,
  createVoucher,
  createVoucherBatch,
  memberStanding,
  newId,
  redeemVoucher,
  validateVoucher,
  type Call,
  type Caller,
  type CallerPartner,
  type Endpoint,
  type EventData,
  type memberChanged,
  type PartnerGates,
} from '@punchcard/contracts';
import type { Sql } from '@punchcard/database';
import { createLog, createService, identifierHash } from '@punchcard/service-kit';
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
import { replaceIdentifiers, saveCard, saveClub, saveMember, saveStaff, saveTier } from '../src/replicas/store.ts';

const PEPPER = 'a pepper of the tests, and of them alone';
const log = createLog('test', { level: process.env['TEST_LOG_LEVEL'] ?? 'silent' });

/** The service as it runs, in as many processes as a test wants, over one database, and a stand-in for the ledger. */
export const startVouchers = ({ processes = 1, jobs = true }: { processes?: number; jobs?: boolean } = {}) =>
  startOwning(async (own) => {
    const [database, topics, ledger] = await Promise.all([
      own(createTestDatabase('vouchers'), ({ drop }) => drop()),
      own(createTestTopics('vouchers'), ({ drop }) => drop()),
      own(startLedger(), ({ close }) => close()),
    ]);
    const config: Config = {
      ...{ port: 0, host: '127.0.0.1', lanes: 2, batchPollMs: 20 },
      ...{ database: { url: database.patientUrl, poolMax: 5 }, kafka: topics.kafka, ledgerUrl: ledger.url },
      ...{ identifierPepper: PEPPER, callerSecrets: testSecrets },
    };
    const running = await times(processes, () => own(startApp(config, { jobs }), ({ stop }) => stop()));
    const [topic] = await Promise.all([
      own(topics.read('vouchers'), ({ stop }) => stop()),
      topics.joined('vouchers', processes),
    ]);
    return {
      sql: database.sql,
      config,
      ledger,
      topic,
      /** The first process. */
      url: running[0]!.url,
      apps: running.map(({ app }) => app),
      publish: topics.publish,
      /** Sends to the processes in turn. */
      send: ((caller, endpoint, sending) => next(running).send(caller, endpoint, sending)) as Send,
    };
  });

let turn = 0;
const next = <T>(of: readonly T[]): T => of[(turn += 1) % of.length]!;

export type Vouchers = Awaited<ReturnType<typeof startVouchers>>;

export const startApp = (config: Config, { jobs: hasJobs = true } = {}) =>
  startOwning(async (own) => {
    const app = own(createApp(config, log, patient), async ({ redeeming, consumer, relay, internal, sql, laneSql }) => {
      await redeeming.close();
      await Promise.all([consumer.stop(), relay.stop(), internal.close()]);
      await Promise.all([sql.end({ timeout: 5 }), laneSql.end({ timeout: 5 })]);
    });
    app.relay.start();
    app.consumer.start();
    await app.redeeming.warmUp();
    own(hasJobs ? app.startJobs() : [], (jobs) => Promise.all(jobs.map((job) => job.stop())));
    const { port } = await own(app.service.listen(), () => app.service.close());
    const url = `http://127.0.0.1:${port}`;
    return { app, url, send: senderTo(url) };
  });

/** The stand-in runs in the process of the test, and stands still with it. */
const patient = { timeoutMs: 20_000 };

/** A partner with a club, a card, a tier and a member, as copies from their topics would be. */
export async function givenProgramme(
  vouchers: Pick<Vouchers, 'sql' | 'send'>,
  gates: Partial<PartnerGates> = {},
  rest: Parameters<typeof givenCallerPartner>[1] = {},
) {
  const { sql } = vouchers;
  const partner = givenCallerPartner(gates, rest);
  const copy = { partnerId: partner.id, sequence: 1 };
  const ids = { clubId: newId(), cardId: newId(), tierId: newId(), staffId: newId() };
  await sql.begin(async (tx) => {
    await saveClub(tx, { ...copy, clubId: ids.clubId, isDeleted: false });
    await saveCard(tx, { ...copy, cardId: ids.cardId, isDeleted: false });
    await saveTier(tx, { ...copy, tierId: ids.tierId, isDeleted: false });
    await saveStaff(tx, { ...copy, staffId: ids.staffId, clubId: ids.clubId, isActive: true });
  });
  const member = await givenMember(sql, partner.id);
  return { partner, partnerId: partner.id, ...ids, ...member, ...desk(vouchers.send, { partner, ...ids, ...member }) };
}

export type Programme = Awaited<ReturnType<typeof givenProgramme>>;

/** A member who is found by id and e-mail. */
export async function givenMember(sql: Sql, partnerId: string, registeredAt = new Date().toISOString()) {
  const memberId = newId();
  const email = `${memberId}@example.com`;
  await sql.begin(async (tx) => {
    const member = { partnerId, memberId, registeredAt, isAnonymised: false, sequence: 1 };
    await saveMember(tx, member);
    await replaceIdentifiers(tx, member, [
      { identifier: memberId, kind: 'id' },
      { identifier: hashOf(partnerId, 'email', email), kind: 'email' },
    ]);
  });
  return { memberId, email };
}

type Kind = EventData<typeof memberChanged>['identifiers'][number]['kind'];

export const hashOf = (partnerId: string, kind: Kind, value: string): string =>
  identifierHash(PEPPER, partnerId, { kind, value });

interface Where {
  partner: CallerPartner;
  clubId: string;
  email: string;
  memberId: string;
}

/** What a partner does with its vouchers. */
function desk(send: Send, { partner, clubId, email, memberId }: Where) {
  const as = (endpoint: Endpoint, sending: Sending = {}) => send(partnerCaller(partner), endpoint, sending);
  const made = async (endpoint: Endpoint, body: object) => {
    const { status, body: answer } = await as(endpoint, { body });
    if (status >= 300) throw new Error(`${endpoint.id} answered ${JSON.stringify(answer)}`);
    return answer.data;
  };
  const fiveOff = { club_id: clubId, name: 'Five off', type: 'fixed_amount', value: 500 };
  return {
    send: as,
    sendAsMember: (endpoint: Endpoint, sending: Sending = {}) =>
      send(memberCaller(partner, memberId), endpoint, sending),
    /** A voucher of five off, unless it says otherwise. */
    voucher: (body: object = {}) => made(createVoucher, { ...fiveOff, ...body }),
    batch: ({ template, ...body }: { template?: object } & Record<string, unknown> = {}) => {
      const { name: _, ...terms } = fiveOff;
      return made(createVoucherBatch, { name: 'Mailing', count: 10, ...body, template: { ...terms, ...template } });
    },
    redeem: (id: string, body: object = {}, sending: Sending = {}) =>
      as(redeemVoucher, { params: { id }, body: { member_identifier: email, ...body }, ...sending }),
    validate: (code: string, body: object = {}) =>
      as(validateVoucher, { body: { code, club_id: clubId, member_identifier: email, ...body } }),
  };
}

export const times = <T>(count: number, make: (n: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, n) => make(n)));

/** What vouchers ask of the ledger, answered from what a test says. */
async function startLedger() {
  const awards = new Map<string, Call<typeof awardPoints>['body']>();
  const refused = new Set<string>();
  const standings = new Map<string, { tier_ids: string[]; has_purchased: boolean }>();
  let isAway = false;
  let asked = 0;
  const hear = ({ partner_id: partner }: Caller) => {
    asked += 1;
    if (isAway) throw new AppError('SERVICE_UNAVAILABLE', { details: { service: 'ledger' } });
    if (partner === null) throw new Error('The ledger was not told of which partner.');
  };
  const server = createService({
    name: 'ledger',
    port: 0,
    endpoints: [awardPoints, memberStanding],
    handlers: {
      'internal.points.award': async ({ body, caller }) => {
        hear(caller);
        if (refused.has(body.reference)) throw new AppError('MEMBER_NOT_FOUND');
        const isRepeat = awards.has(body.reference);
        awards.set(body.reference, body);
        const { card_id, member_id, points } = body;
        const ids = { transaction_id: newId(), card_id, member_id };
        return { ...ids, points, new_balance: points, expires_at: null, duplicate: isRepeat };
      },
      'internal.members.standing': async ({ params, caller }) => {
        hear(caller);
        return standings.get(params.id) ?? { tier_ids: [], has_purchased: false };
      },
    },
    callerSecrets: testSecrets,
    log,
    ready: {},
  });
  const { port } = await server.listen();
  return {
    url: `http://127.0.0.1:${port}`,
    /** By reference. */
    awards,
    /** References that it refuses for good. */
    refused,
    /** By member. */
    standings,
    asked: () => asked,
    away: (away: boolean) => {
      isAway = away;
    },
    close: () => server.close(),
  };
}
