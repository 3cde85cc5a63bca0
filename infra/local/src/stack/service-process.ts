import type { ServiceName } from '@punchcard/contracts';
import { join } from 'node:path';
import type { Folders } from '../folders.ts';
import { repository } from '../folders.ts';
import type { ProcessSpec } from '../processes/child.ts';
import { environmentOf, urlOf } from './environment.ts';
import type { StackFacts } from './environment.ts';

export type ServiceProcessOptions = { folders: Folders; facts: StackFacts; env: NodeJS.ProcessEnv };

const isReady = async (url: string): Promise<boolean> => {
  const answer = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(2_000) });
  await answer.body?.cancel();
  return answer.ok;
};

/** The preload costs a start 0.3 s and does nothing without an exporter. */
const telemetryArgs = (env: NodeJS.ProcessEnv): string[] =>
  env['OTEL_EXPORTER_OTLP_ENDPOINT'] || env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT']
    ? ['--import', '@punchcard/service-kit/telemetry']
    : [];

/** `node services/<name>/src/main.ts`. */
export const serviceProcess = (name: ServiceName, { folders, facts, env }: ServiceProcessOptions): ProcessSpec => {
  // NODE_OPTIONS is meant for the program that was called (Jest, say), not for the services it starts.
  const { NODE_OPTIONS: _ours, ...inherited } = env;
  return {
    name,
    kind: 'service',
    command: process.execPath,
    args: [...telemetryArgs(env), join('services', name, 'src', 'main.ts')],
    cwd: repository,
    env: { ...inherited, NODE_COMPILE_CACHE: folders.compileCache, ...environmentOf(name, facts) },
    port: facts.ports[name],
    logFile: join(folders.logs, `${name}.log`),
    runFolder: folders.run,
    stopSignal: 'SIGTERM',
    isReady: () => isReady(urlOf(name, facts.ports)),
    readyTimeoutMs: 60_000,
  };
};
