import { createLog, runUntilSignal } from '@punchcard/service-kit';
import { createApp } from './app.ts';
import { readConfig } from './config.ts';

const log = createLog('staff');
const { service, relay, consumer, sql } = createApp(readConfig(), log);

relay.start();
consumer.start();
const { port } = await service.listen();
log.info({ port }, 'ready');

await runUntilSignal(
  {
    requests: () => service.close(),
    consumer: () => consumer.stop(),
    relay: () => relay.stop(),
    database: () => sql.end({ timeout: 5 }),
  },
  { log },
);
