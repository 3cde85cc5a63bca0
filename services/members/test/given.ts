import { ensureMemberKey, newId, notFound, partnerChanged, type PartnerGates } from '@punchcard/contracts';
import { createLog, createService } from '@punchcard/service-kit';
import { createTestDatabase, createTestTopics, publicCaller, senderTo, testSecrets, waitFor } from '@punchcard/testing';
import { createApp } from '../src/app.ts';

export const IDENTIFIER_PEPPER = 'a pepper for identifiers of the tests only';

/** The service as it runs, with a database and topics of its own, and a stand-in for partners. */
export async function startMembers() {
  const [database, topics, partners] = await Promise.all([
    createTestDatabase('members'),
    createTestTopics('members'),
    startPartners(),
  ]);
  const app = createApp(
    {
      ...{ port: 0, host: '127.0.0.1', database: { url: database.url, poolMax: 10 }, kafka: topics.kafka },
      callerSecrets: testSecrets,
      keyPepper: 'a pepper for the tests of members only',
      identifierPepper: IDENTIFIER_PEPPER,
      partnersUrl: partners.url,
    },
    createLog('test', { level: 'silent' }),
  );
  app.relay.start();
  app.consumer.start();
  const [{ port }] = await Promise.all([app.service.listen(), topics.joined('members')]);
  const topic = await topics.read('members');
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
    stop: async () => {
      await app.service.close();
      await Promise.all([app.consumer.stop(), app.relay.stop(), app.internal.close(), partners.close(), topic.stop()]);
      await app.sql.end({ timeout: 5 });
      await Promise.all([database.drop(), topics.drop()]);
    },
  };
}

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
    log: createLog('test', { level: 'silent' }),
    ready: {},
  });
  const { port } = await server.listen();
  return { url: `http://127.0.0.1:${port}`, keys, state, close: () => server.close() };
}
