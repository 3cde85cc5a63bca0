import { ensureMemberKey, newId, notFound, partnerChanged, type PartnerGates } from '@punchcard/contracts';
import { createLog, createService } from '@punchcard/service-kit';
import {
  createTestDatabase,
  createTestTopics,
  publicCaller,
  senderTo,
  startOwning,
  testSecrets,
  waitFor,
} from '@punchcard/testing';
import { createApp } from '../src/app.ts';

const log = createLog('test', { level: 'silent' });

export const IDENTIFIER_PEPPER = 'a pepper for identifiers of the tests only';

/** The service as it runs, with a database and topics of its own, and a stand-in for partners. */
export const startMembers = () =>
  startOwning(async (own) => {
    const [database, topics, partners] = await Promise.all([
      own(createTestDatabase('members'), ({ drop }) => drop()),
      own(createTestTopics('members'), ({ drop }) => drop()),
      own(startPartners(), ({ close }) => close()),
    ]);
    const config = {
      ...{ port: 0, host: '127.0.0.1', database: { url: database.patientUrl, poolMax: 10 }, kafka: topics.kafka },
      callerSecrets: testSecrets,
      keyPepper: 'a pepper for the tests of members only',
      identifierPepper: IDENTIFIER_PEPPER,
      partnersUrl: partners.url,
    };
    const app = own(createApp(config, log, patient), async ({ consumer, relay, internal, sql }) => {
      await Promise.all([consumer.stop(), relay.stop(), internal.close()]);
      await sql.end({ timeout: 5 });
    });
    app.relay.start();
    app.consumer.start();
    const [{ port }, topic] = await Promise.all([
      own(app.service.listen(), () => app.service.close()),
      own(topics.read('members'), ({ stop }) => stop()),
      topics.joined('members'),
    ]);
    const send = senderTo(`http://127.0.0.1:${port}`);
    /** As the service learns of one in life. */
    const announcePartner = async (gates: Partial<PartnerGates> = {}, rest: object = {}) => {
      const id = newId();
      const slug = `bean-${id}`;
      const data = { ...partnerChanged.example, partner_id: id, slug, gates, ...rest };
      await topics.publish(id, [{ event: partnerChanged, key: id, data }]);
      return { id, slug, data };
    };
    return {
      app,
      sql: database.sql,
      topics,
      partners,
      eventsOf: topic.eventsOf,
      send,
      url: `http://127.0.0.1:${port}`,
      announcePartner,
      /** A partner that the service knows: a request waits for the copy a second at most, and a busy machine may take longer. */
      givenPartner: async (gates: Partial<PartnerGates> = {}, rest: object = {}) => {
        const partner = await announcePartner(gates, rest);
        await waitFor('the copy of partners', () => app.consumer.copies.caughtUp(['partners']));
        return partner;
      },
    };
  });

/** The stand-in runs in the process of the test, and stands still with it. */
const patient = { timeoutMs: 20_000 };

/** A caller at an address of its own. */
export const anybody = () => publicCaller(`10.0.${Math.floor(Math.random() * 256)}.${Math.floor(Math.random() * 256)}`);

/** What members asks of partners; it remembers the keys, can be away, and knows of suspensions before any event tells. */
async function startPartners() {
  const keys: { key_id: string; member_id: string; replaces: readonly string[]; hash: string }[] = [];
  const state = { isAway: false, suspended: new Set<string>() };
  const server = createService({
    name: 'partners',
    port: 0,
    endpoints: [ensureMemberKey],
    handlers: {
      'internal.keys.ensure': async ({ body }) => {
        if (state.isAway) throw new Error('away');
        if (state.suspended.has(body.partner_id)) throw notFound('partner', body.partner_id);
        keys.push(body);
        return { key_id: body.key_id };
      },
    },
    callerSecrets: testSecrets,
    log,
    ready: {},
  });
  const { port } = await server.listen();
  return { url: `http://127.0.0.1:${port}`, keys, state, close: () => server.close() };
}
