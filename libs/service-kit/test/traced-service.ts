/** A service as `telemetry.int.test.ts` starts it: asks Redis and itself, then says on its output where it listens. */
import { z } from 'zod';
import { defineEndpoint } from '@punchcard/contracts';
import { Redis } from 'ioredis';
import { request } from 'undici';
import { createLog, createService, env, loadConfig, runUntilSignal } from '../src/index.ts';

const config = loadConfig(z.object({ TEST_REDIS_URL: env.redisUrl, CALLER_SECRETS: env.callerSecrets }));

const ping = defineEndpoint({
  id: 'agent.pings.create',
  method: 'POST',
  path: '/api/agent/v1/partner/pings/{id}',
  dialect: 'agent',
  owner: 'ledger',
  role: 'partner',
  success: 200,
  idempotent: false,
  summary: 'Ask Redis, and ourselves over HTTP.',
  params: z.object({ id: z.string() }),
  answer: z.object({ pong: z.string() }),
  example: { answer: {} },
});

const log = createLog('traced');
const redis = new Redis(config.TEST_REDIS_URL);
let port = 0;
const service = createService({
  name: 'ledger',
  port: 0,
  endpoints: [ping],
  handlers: {
    'agent.pings.create': async () => {
      const { body } = await request(`http://127.0.0.1:${port}/nothing?about=ann%40example.com`);
      await body.dump();
      log.warn('in the middle');
      return { pong: await redis.ping() };
    },
  },
  callerSecrets: config.CALLER_SECRETS,
  log,
  ready: {},
});
const stopped = runUntilSignal({ service: () => service.close(), redis: () => redis.quit() }, { log, boundMs: 5_000 });
port = (await service.listen()).port;
await stopped;
