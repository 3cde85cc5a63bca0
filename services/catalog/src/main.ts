import { createLog, runUntilSignal } from '@punchcard/service-kit';
import { createApp } from './app.ts';
import { readConfig } from './config.ts';

const log = createLog('catalog');
const { service, relay, consumer, internal, startJobs, sql } = createApp(readConfig(), log);

relay.start();
consumer.start();
const jobs = startJobs();
const { port } = await service.listen();
log.info({ port }, 'ready');

await runUntilSignal(
  {
    requests: () => service.close(),
    jobs: () => Promise.all(jobs.map((job) => job.stop())),
    consumer: () => consumer.stop(),
    relay: () => relay.stop(),
    internal: () => internal.close(),
    database: () => sql.end({ timeout: 5 }),
  },
  { log },
);
