import { bootstrapAdminKey, type ServiceName } from '@punchcard/contracts';
import {
  anyPorts,
  clearStack,
  environmentOf,
  freePort,
  startStack as startLocalStack,
  type Stack,
} from '@punchcard/local';
import { createInternalClient, env } from '@punchcard/service-kit';
import { benchFolder, repository } from './folders.ts';
import { answers, runProcess, type RunningProcess } from './run-process.ts';

export interface StackWish {
  /** Services that are not needed, so that they do not share the machine. */
  without?: readonly ServiceName[];
  /** Data of the last run are wanted. */
  isKept?: boolean;
  /** Below `.local/benchmarks`. */
  folder?: string;
}

/** The whole platform on free ports, as `npm start` runs it but for the log level; empty unless `isKept`. */
export async function startStack({ without = [], isKept = false, folder = 'stack' }: StackWish = {}): Promise<Stack> {
  const dir = benchFolder(folder);
  if (!isKept) await clearStack(dir);
  process.stderr.write('  starting the stack\n');
  const stack = await startLocalStack({
    dir,
    ports: anyPorts(),
    env: { ...process.env, LOG_LEVEL: 'warn', GATEWAY_TRUSTED_PROXIES: '127.0.0.0/8' },
  });
  await Promise.all(without.map((name) => stack.services[name].stop()));
  return stack;
}

/** One more process of a service, on a port of its own. */
export async function startMore(
  { facts }: Stack,
  name: ServiceName,
  changes: Record<string, string> = {},
): Promise<RunningProcess & { url: string }> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = await runProcess({
    name: `${name}-${port}`,
    command: process.execPath,
    args: [`services/${name}/src/main.ts`],
    cwd: repository,
    env: {
      ...process.env,
      LOG_LEVEL: 'warn',
      ...environmentOf(name, facts),
      [`${name.toUpperCase()}_PORT`]: String(port),
      ...changes,
    },
    isReady: () => answers(`${url}/health/ready`),
  });
  return { ...child, url };
}

export const callerSecretsOf = ({ facts }: Stack) => env.callerSecrets.parse(facts.secrets.callerSecrets);

/** A key that may do everything. */
export async function makeAdminKey(stack: Stack): Promise<string> {
  const internal = createInternalClient({
    baseUrls: stack.urls,
    callerSecrets: callerSecretsOf(stack),
    self: 'gateway',
  });
  try {
    return (await internal.call(bootstrapAdminKey, { body: { name: 'Benchmark' } })).key;
  } finally {
    await internal.close();
  }
}
