import { createAgentKey, createPartner } from '@punchcard/contracts';
import { createLog } from '@punchcard/service-kit';
import {
  adminCaller,
  createTestDatabase,
  createTestTopics,
  senderTo,
  testSecrets,
  type Send,
} from '@punchcard/testing';
import { createApp } from '../src/app.ts';

/** The service as it runs, with a database and topics of its own. */
export async function startPartners() {
  const [database, topics] = await Promise.all([createTestDatabase('partners'), createTestTopics('partners')]);
  const app = createApp(
    {
      ...{ port: 0, host: '127.0.0.1', database: { url: database.url, poolMax: 10 }, kafka: topics.kafka },
      redisUrl: process.env['TEST_REDIS_URL'] ?? '',
      callerSecrets: testSecrets,
      keyPepper: 'a pepper for the tests of partners only',
    },
    createLog('test', { level: 'silent' }),
  );
  app.relay.start();
  app.consumer.start();
  const [{ port }] = await Promise.all([app.service.listen(), topics.joined('partners')]);
  const topic = await topics.read('partners');
  return {
    sql: database.sql,
    topics,
    eventsOf: topic.eventsOf,
    send: senderTo(`http://127.0.0.1:${port}`),
    stop: async () => {
      await app.service.close();
      await Promise.all([app.consumer.stop(), app.relay.stop(), topic.stop()]);
      app.redis.disconnect();
      await app.sql.end({ timeout: 5 });
      await Promise.all([database.drop(), topics.drop()]);
    },
  };
}

export type Partners = Awaited<ReturnType<typeof startPartners>>;

/** A partner with a name of its own. */
export async function givenPartner(send: Send, body: object = {}) {
  const { status, body: answer } = await send(adminCaller(), createPartner, {
    body: { name: `Partner ${crypto.randomUUID()}`, email: 'office@example.com', ...body },
  });
  if (status !== 201) throw new Error(JSON.stringify(answer));
  return answer.data as { id: string; slug: string };
}

export async function givenKey(send: Send, partnerId: string, body: object = {}) {
  const { status, body: answer } = await send(adminCaller(), createAgentKey, {
    params: { id: partnerId },
    body: { name: 'Till', preset: 'full', ...body },
  });
  if (status !== 201) throw new Error(JSON.stringify(answer));
  return answer.data as { id: string; key: string; prefix: string };
}
