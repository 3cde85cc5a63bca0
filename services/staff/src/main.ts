import { createLog, runUntilSignal } from '@punchcard/service-kit';
import { createApp } from './app.ts';
import { readConfig } from './config.ts';

const log = createLog('staff');
const { service, relay, sql } = createApp(readConfig(), log);

relay.start();
const { port } = await service.listen();
log.info({ port }, 'ready');

await runUntilSignal(
  {
    requests: () => service.close(),
    relay: () => relay.stop(),
    database: () => sql.end({ timeout: 5 }),
  },
  { log },
);
