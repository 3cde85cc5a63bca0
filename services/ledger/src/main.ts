import { createLog, runUntilSignal } from '@punchcard/service-kit';
import { createApp } from './app.ts';
import { readConfig } from './config.ts';

const log = createLog('ledger');
const { service, booking, relay, consumer, startJobs, sql, laneSql } = createApp(readConfig(), log);

relay.start();
consumer.start();
// Without a database yet it starts all the same; readiness says so, and the first batches are slow.
await booking.warmUp().catch((error: unknown) => log.warn({ err: error }, 'the lanes are not warm'));
const jobs = startJobs();
const { port } = await service.listen();
log.info({ port }, 'ready');

await runUntilSignal(
  {
    requests: () => service.close(),
    jobs: () => Promise.all(jobs.map((job) => job.stop())),
    lanes: () => booking.close(),
    consumer: () => consumer.stop(),
    relay: () => relay.stop(),
    database: () => Promise.all([sql.end({ timeout: 5 }), laneSql.end({ timeout: 5 })]),
  },
  { log },
);
