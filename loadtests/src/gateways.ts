import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { environmentOf, freePort, type StackFacts } from '@punchcard/local';
import { repository } from './folders.ts';

/** A gateway of our own, beside the one of the stack: same Redis, same keys, same services. */
export interface OwnGateway {
  readonly url: string;
  start(): Promise<void>;
  kill(signal: NodeJS.Signals): Promise<void>;
}

const readyWithinMs = 60_000;
const askEveryMs = 100;

const ended = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

async function untilReady(url: string, child: ChildProcess): Promise<void> {
  const until = performance.now() + readyWithinMs;
  while (performance.now() < until && !ended(child)) {
    const isReady = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(2_000) }).then(
      async (answer) => (await answer.body?.cancel(), answer.ok),
      () => false,
    );
    if (isReady) return;
    await new Promise((resolve) => setTimeout(resolve, askEveryMs));
  }
  throw new Error('The second gateway did not become ready; its log is in the results');
}

const killed = (child: ChildProcess | undefined, signal: NodeJS.Signals): Promise<void> =>
  new Promise((resolve) => {
    if (!child || ended(child)) return resolve();
    child.once('exit', () => resolve());
    child.kill(signal);
  });

/** A gateway on a free port, not started. `env` is on top of what the stack gives its own. */
export async function ownGateway(
  stack: StackFacts,
  { out, env = {} }: { out: string; env?: Record<string, string> },
): Promise<OwnGateway> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const { NODE_OPTIONS: _ours, ...inherited } = process.env;
  const log = createWriteStream(join(out, 'second-gateway.log'), { flags: 'a' });
  let child: ChildProcess | undefined;
  return {
    url,
    start: async () => {
      child = spawn(process.execPath, [join('services', 'gateway', 'src', 'main.ts')], {
        cwd: repository,
        env: { ...inherited, ...environmentOf('gateway', stack), GATEWAY_PORT: String(port), ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      child.stdout?.pipe(log, { end: false });
      child.stderr?.pipe(log, { end: false });
      await untilReady(url, child);
    },
    kill: (signal) => killed(child, signal),
  };
}
