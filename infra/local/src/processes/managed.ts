import { setTimeout as sleep } from 'node:timers/promises';
import { startChild } from './child.ts';
import type { Child, ProcessSpec } from './child.ts';
import { tailOf } from './log-file.ts';
import { seconds, waitUntil } from './wait.ts';

/** A process that can be killed and started again, by a chaos test as by its supervisor. */
export type Managed = {
  readonly name: string;
  /** Undefined while it does not run. */
  readonly pid: number | undefined;
  /** Starts it unless it runs, and waits until it is ready. Throws with the end of its log if it does not come up. */
  start(): Promise<void>;
  /** Waits until it is ready, also across a restart by the supervisor. */
  waitReady(): Promise<void>;
  /** Sends a signal (SIGTERM); after one that ends a process, waits until it has ended. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Ends it in order and for good: it is not started again. */
  stop(): Promise<void>;
};

const firstDelayMs = 250;
const maxDelayMs = 5_000;
const steadyAfterMs = 60_000;

const trouble = ({ name, logFile }: ProcessSpec, what: string): Error =>
  new Error(`${name} ${what}. The end of ${logFile}:\n${tailOf(logFile)}`);

/** Waits until a child answers; throws if it ends before, or takes too long. */
const becomeReady = async (spec: ProcessSpec, child: Child): Promise<void> => {
  const since = performance.now();
  let isReady = false;
  await waitUntil(async () => !child.isRunning() || (isReady = await spec.isReady()), {
    timeoutMs: spec.readyTimeoutMs,
  });
  if (!child.isRunning()) throw trouble(spec, `ended (${child.ending()})`);
  if (!isReady) throw trouble(spec, `was not ready after ${seconds(since)}`);
};

const waitReady = async (spec: ProcessSpec): Promise<void> => {
  if (!(await waitUntil(spec.isReady, { timeoutMs: spec.readyTimeoutMs }))) throw trouble(spec, 'is not ready');
};

/** Longer from one crash to the next, short again after a steady while. */
const createBackOff = () => {
  let delayMs = firstDelayMs;
  let readySince = 0;
  return {
    crashed: () => {
      if (performance.now() - readySince > steadyAfterMs) delayMs = firstDelayMs;
    },
    ready: () => {
      readySince = performance.now();
    },
    wait: async () => {
      await sleep(delayMs, undefined, { ref: false });
      delayMs = Math.min(delayMs * 2, maxDelayMs);
    },
  };
};

/** One child process. With `restart` it comes back by itself, with back-off, when it ends unasked. */
export const manage = (spec: ProcessSpec, options: { restart: boolean; log: (line: string) => void }): Managed => {
  const backOff = createBackOff();
  let child: Child | undefined;
  let life: 'begun' | 'supervised' | 'stopped' = 'begun';
  let isComingBack = false;

  const isRunning = () => child?.isRunning() ?? false;

  const launch = async (): Promise<void> => {
    await spec.beforeStart?.();
    if (life === 'stopped') throw new Error(`${spec.name} was stopped before it started`);
    const current = startChild(spec, () => {
      if (life === 'supervised') void comeBack(current.ending());
    });
    child = current;
    await becomeReady(spec, current);
    backOff.ready();
  };

  const comeBack = async (ending: string): Promise<void> => {
    if (isComingBack) return;
    isComingBack = true;
    const since = performance.now();
    options.log(`${spec.name} ended (${ending}); starting it again`);
    backOff.crashed();
    while (life === 'supervised' && !isRunning()) {
      await backOff.wait();
      if (life !== 'supervised') break;
      await launch().then(
        () => options.log(`${spec.name} is ready again after ${seconds(since)}`),
        // The end of its log was worth showing once, not at each try.
        (error: Error) => options.log(error.message.split('\n')[0] ?? ''),
      );
    }
    isComingBack = false;
  };

  return {
    name: spec.name,
    get pid() {
      return isRunning() ? child?.pid : undefined;
    },
    waitReady: () => waitReady(spec),
    start: async () => {
      if (isRunning() || isComingBack) return waitReady(spec);
      life = 'begun';
      isComingBack = true;
      // Supervised from the first time it is ready: what never came up is an error to show, not to repeat.
      await launch().finally(() => (isComingBack = false));
      if (options.restart) life = 'supervised';
    },
    kill: async (signal = 'SIGTERM') => child?.kill(signal),
    stop: async () => {
      life = 'stopped';
      await child?.kill(spec.stopSignal);
      await child?.kill('SIGKILL');
    },
  };
};
