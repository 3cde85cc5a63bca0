import { createLog, runUntilSignal } from '@punchcard/service-kit';
import { createGateway } from './app.ts';
import { readConfig } from './config.ts';

const log = createLog('gateway');
const { listen, stopSteps } = createGateway(readConfig(), { log });

await listen();
await runUntilSignal(stopSteps, { log });
