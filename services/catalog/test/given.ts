import {
  AppError,
  cardUsage,
  closeCard,
  closeStampCard,
  createCard,
  createClub,
  createReward,
  createStampCard,
  createTier,
  memberCards,
  newId,
  type Caller,
  type CallerPartner,
  type Endpoint,
} from '@punchcard/contracts';
import { createLog, createService } from '@punchcard/service-kit';
import {
  createTestDatabase,
  createTestTopics,
  givenCallerPartner,
  memberCaller,
  partnerCaller,
  senderTo,
  startOwning,
  testSecrets,
  type Published,
  type Sending,
} from '@punchcard/testing';
import { createApp } from '../src/app.ts';
import { startOwners } from './given-owners.ts';

const log = createLog('test', { level: process.env['TEST_LOG_LEVEL'] ?? 'silent' });

export const givenPartner = givenCallerPartner;

/** The service as it runs: its relay and consumer, a database and topics of its own, and stand-ins for whom it asks. */
export const startCatalog = () =>
  startOwning(async (own) => {
    const [database, topics, ledger, owners] = await Promise.all([
      own(createTestDatabase('catalog'), ({ drop }) => drop()),
      own(createTestTopics('catalog'), ({ drop }) => drop()),
      own(startLedger(), ({ close }) => close()),
      own(startOwners(), ({ close }) => close()),
    ]);
    const config = {
      ...{ port: 0, host: '127.0.0.1', database: { url: database.patientUrl, poolMax: 10 }, kafka: topics.kafka },
      ...{ callerSecrets: testSecrets, closingsMs: 20, serviceUrls: { ledger: ledger.url, ...owners.urls } },
    };
    const app = own(createApp(config, log, patient), async ({ consumer, relay, internal, sql }) => {
      await Promise.all([consumer.stop(), relay.stop(), internal.close()]);
      await sql.end({ timeout: 5 });
    });
    app.relay.start();
    app.consumer.start();
    own(app.startJobs(), (jobs) => Promise.all(jobs.map((job) => job.stop())));
    const [{ port }, topic] = await Promise.all([
      own(app.service.listen(), () => app.service.close()),
      own(topics.read('catalog'), ({ stop }) => stop()),
      topics.joined('catalog'),
    ]);
    const send = senderTo(`http://127.0.0.1:${port}`);

    return {
      sql: database.sql,
      ledger,
      owners,
      /** Sends a request as this partner. */
      send: (partner: CallerPartner, endpoint: Endpoint, sending: Sending = {}) =>
        send(partnerCaller(partner), endpoint, sending),
      /** Sends a request as a member of this partner. */
      sendAs: ([partner, memberId]: [CallerPartner, string], endpoint: Endpoint, sending: Sending = {}) =>
        send(memberCaller(partner, memberId), endpoint, sending),
      /** A partner's events on the topic up to the sequence of a mark, in their order. */
      events: (partner: CallerPartner, mark: number | null) => topic.eventsOf(partner.id, mark),
      /** Puts facts of the ledger on their topic. */
      publish: (partnerId: string, drafts: readonly Published[]) => topics.publish(partnerId, drafts),
    };
  });

/** The stand-ins run in the process of the test, and stand still with it. */
const patient = { timeoutMs: 20_000 };

export type Catalog = Awaited<ReturnType<typeof startCatalog>>;

/** Makes things that a test is not about, and gives their ids. */
export const given = (catalog: Catalog, partner: CallerPartner) => {
  const make = async (endpoint: Endpoint, body: unknown): Promise<string> => {
    const answered = await catalog.send(partner, endpoint, { body });
    if (answered.status !== 201) throw new Error(`${endpoint.id} answered ${JSON.stringify(answered.body)}`);
    return answered.body.data.id as string;
  };
  return {
    club: (body: object = {}) => make(createClub, { name: `Club ${newId()}`, ...body }),
    card: async (body: { club_id?: string } & Record<string, unknown> = {}) =>
      make(createCard, { ...coffeeCard(body.club_id ?? (await make(createClub, { name: newId() }))), ...body }),
    reward: (cardId: string, body: object = {}) => make(createReward, { ...freeCoffee(cardId), ...body }),
    tier: (body: object = {}) => make(createTier, body),
    stampCard: async (body: { club_id?: string } & Record<string, unknown> = {}) =>
      make(createStampCard, { ...tenCoffees(body.club_id ?? (await make(createClub, { name: newId() }))), ...body }),
  };
};

export const coffeeCard = (clubId: string) => ({
  club_id: clubId,
  name: 'Coffee card',
  currency: 'EUR',
  points_per_currency: 10,
});

export const freeCoffee = (cardId: string) => ({ card_id: cardId, name: 'Free coffee', points: 200 });

export const tenCoffees = (clubId: string) => ({
  ...{ club_id: clubId, name: 'Ten coffees', title: 'Every tenth coffee is on us', stamps_required: 10 },
});

/** What the catalog asks of the ledger, answered from what a test says. */
async function startLedger() {
  const used = new Set<string>();
  const blocked = new Map<string, Record<string, number>>();
  const asked: { id: string; card: string; partner: string | null }[] = [];
  const usedBy = new Map<string, string[]>();
  const closed = new Set<string>();
  let [isAway, losesAnswers] = [false, false];
  const hear = (id: string, card: string, { partner_id: partner }: Caller) => {
    asked.push({ id, card, partner });
    if (isAway) throw new AppError('SERVICE_UNAVAILABLE', { details: { service: 'ledger' } });
  };
  const server = createService({
    name: 'ledger',
    port: 0,
    endpoints: [cardUsage, closeCard, closeStampCard, memberCards],
    handlers: {
      'internal.cards.usage': async ({ params, caller }) => {
        hear('usage', params.id, caller);
        return { has_transactions: used.has(params.id), is_closed: closed.has(params.id) };
      },
      'internal.cards.close': async ({ params, caller }) => {
        hear('close', params.id, caller);
        const blocking = blocked.get(params.id);
        if (blocking) throw new AppError('CONFLICT', { details: { reason: 'open_balances', blocking } });
        closed.add(params.id);
        if (losesAnswers) throw new AppError('SERVICE_UNAVAILABLE', { details: { service: 'ledger' } });
        return { card_id: params.id, closed: true as const };
      },
      'internal.stamp_cards.close': async ({ params, caller }) => {
        hear('close stamp card', params.id, caller);
        const blocking = blocked.get(params.id);
        if (blocking) throw new AppError('CONFLICT', { details: { reason: 'pending_rewards', blocking } });
        return { stamp_card_id: params.id, closed: true as const };
      },
      'internal.members.cards': async ({ params, caller }) => {
        hear('member cards', params.id, caller);
        return { card_ids: usedBy.get(params.id) ?? [] };
      },
    },
    callerSecrets: testSecrets,
    log,
    ready: {},
  });
  const { port } = await server.listen();
  return {
    url: `http://127.0.0.1:${port}`,
    /** Cards that have transactions. */
    used,
    /** Cards that it has closed. */
    closed,
    /** Cards and stamp cards that cannot be closed, and why. */
    blocked,
    /** Member > cards on which it has an entry. */
    usedBy,
    /** What it was asked, also while it was away. */
    asked,
    goAway: () => {
      isAway = true;
    },
    /** Closes what it is asked to, and never says so. */
    loseAnswers: () => {
      losesAnswers = true;
    },
    reset: () => {
      isAway = false;
      losesAnswers = false;
      asked.length = 0;
    },
    close: () => server.close(),
  };
}
