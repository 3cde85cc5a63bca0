/** A program that starts Redis and then only waits: killed by its test, it leaves the server running. */
import { startParts } from '../src/start-parts.ts';

const [dir = '', port = '0'] = process.argv.slice(2);
await startParts({ dir, ports: { redis: Number(port) }, only: ['redis'], env: { PUNCHCARD_PARTS: 'native' } });
process.stdout.write('started\n');
setInterval(() => undefined, 60_000);
