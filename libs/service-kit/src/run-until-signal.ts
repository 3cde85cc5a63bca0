import { trace } from '@opentelemetry/api';
import { giveBackMemory } from './give-back-memory.ts';
import { createLog, type Log } from './log.ts';

export type StopStep = () => unknown;

const BOUND_MS = 20_000;

/**
 * Gives back the memory that the start took and waits for SIGTERM or SIGINT; then stops in the order in which you would close a shop.
 * A step that fails or hangs (half of the time that is left) is logged and passed over. The event loop then empties by itself; if it
 * does not within `boundMs`, the log says what is open and the process ends with 1. A second SIGINT, from somebody who does not want
 * to wait, ends it at once; a SIGTERM does not, for Ctrl-C in a terminal reaches a service both from there and from the process that
 * started it.
 */
export async function runUntilSignal(
  steps: Readonly<Record<string, StopStep>>,
  { log = createLog('stop'), boundMs = BOUND_MS }: { log?: Log; boundMs?: number } = {},
): Promise<void> {
  giveBackMemory();
  const signal = await nextSignal();
  const deadline = performance.now() + boundMs;
  log.info({ signal }, 'stopping');
  for (const [name, stop] of Object.entries({ ...steps, telemetry: stopTelemetry })) {
    const problem = await problemOf(stop, (deadline - performance.now()) / 2);
    if (problem) log.error({ err: problem, step: name }, 'a step did not stop');
  }
  log.info('stopped');
  setTimeout(
    () => {
      log.error({ open: process.getActiveResourcesInfo() }, 'something is still open');
      process.exit(1);
    },
    Math.max(0, deadline - performance.now()),
  ).unref();
}

/** The handlers stay: without one, a later signal would kill the process in the middle of its steps. */
const nextSignal = (): Promise<string> =>
  new Promise((resolve) => {
    let isAsked = false;
    const onSignal = (signal: string) => {
      if (isAsked && signal === 'SIGINT') process.exit(130);
      isAsked = true;
      resolve(signal);
    };
    process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
  });

async function problemOf(stop: StopStep, boundMs: number): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Error>((resolve) => {
    timer = setTimeout(() => resolve(new Error(`not within ${Math.round(boundMs)} ms`)), Math.max(0, boundMs));
  });
  const done = (async () => void (await stop()))();
  try {
    return await Promise.race([done, late]);
  } catch (thrown) {
    return thrown;
  } finally {
    clearTimeout(timer);
  }
}

/** Spans wait in memory; a provider that the preload registered sends them before the process ends. */
async function stopTelemetry(): Promise<void> {
  const provider = trace.getTracerProvider() as { getDelegate?: () => unknown };
  const real = (provider.getDelegate?.() ?? provider) as { shutdown?: () => Promise<void> };
  await real.shutdown?.();
}
