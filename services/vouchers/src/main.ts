import { createLog, runUntilSignal } from '@punchcard/service-kit';
import { createApp } from './app.ts';
import { readConfig } from './config.ts';

const log = createLog('vouchers');
const { service, redeeming, relay, consumer, internal, startJobs, sql, laneSql } = createApp(readConfig(), log);

relay.start();
consumer.start();
// Without a database yet it starts all the same; readiness says so, and the first batches are slow.
await redeeming.warmUp().catch((error: unknown) => log.warn({ err: error }, 'the lanes are not warm'));
const jobs = startJobs();
const { port } = await service.listen();
log.info({ port }, 'ready');

await runUntilSignal(
  {
    requests: () => service.close(),
    jobs: () => Promise.all(jobs.map((job) => job.stop())),
    lanes: () => redeeming.close(),
    consumer: () => consumer.stop(),
    relay: () => relay.stop(),
    internal: () => internal.close(),
    database: () => Promise.all([sql.end({ timeout: 5 }), laneSql.end({ timeout: 5 })]),
  },
  { log },
);
