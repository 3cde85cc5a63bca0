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

/** One child process. With `restart` it comes back by itself, with back-off, when it ends unasked. */
export const manage = (spec: ProcessSpec, options: { restart: boolean; log: (line: string) => void }): Managed => {
  let child: Child | undefined;
  let isSupervised = false;
  let isComingBack = false;
  let readySince = 0;
  let delayMs = firstDelayMs;

  const isRunning = () => child?.isRunning() ?? false;

  const launch = async (): Promise<void> => {
    const since = performance.now();
    const current = startChild(spec, () => {
      if (isSupervised) void comeBack(current.ending());
    });
    child = current;
    let isReady = false;
    await waitUntil(async () => !current.isRunning() || (isReady = await spec.isReady()), {
      timeoutMs: spec.readyTimeoutMs,
    });
    if (isReady && current.isRunning()) {
      readySince = performance.now();
      return;
    }
    const what = current.isRunning() ? `was not ready after ${seconds(since)}` : `ended (${current.ending()})`;
    throw new Error(`${spec.name} ${what}. The end of ${spec.logFile}:\n${tailOf(spec.logFile)}`);
  };

  const comeBack = async (ending: string): Promise<void> => {
    if (isComingBack) return;
    isComingBack = true;
    const since = performance.now();
    if (since - readySince > steadyAfterMs) delayMs = firstDelayMs;
    options.log(`${spec.name} ended (${ending}); starting it again`);
    while (isSupervised && !isRunning()) {
      await sleep(delayMs, undefined, { ref: false });
      delayMs = Math.min(delayMs * 2, maxDelayMs);
      if (!isSupervised) break;
      await launch().then(
        () => options.log(`${spec.name} is ready again after ${seconds(since)}`),
        (error: Error) => options.log(error.message),
      );
    }
    isComingBack = false;
  };

  const waitReady = async (): Promise<void> => {
    if (await waitUntil(spec.isReady, { timeoutMs: spec.readyTimeoutMs })) return;
    throw new Error(`${spec.name} is not ready. The end of ${spec.logFile}:\n${tailOf(spec.logFile)}`);
  };

  const start = async (): Promise<void> => {
    if (isRunning() || isComingBack) return waitReady();
    // Supervised from the first time it is ready: what never came up is an error to show, not to repeat.
    await launch();
    isSupervised = options.restart;
  };

  const stop = async (): Promise<void> => {
    isSupervised = false;
    await child?.kill(spec.stopSignal);
    await child?.kill('SIGKILL');
  };

  return {
    name: spec.name,
    get pid() {
      return isRunning() ? child?.pid : undefined;
    },
    start,
    waitReady,
    kill: async (signal = 'SIGTERM') => child?.kill(signal),
    stop,
  };
};
