import { AppError } from '@punchcard/contracts';
import type { Context } from '@opentelemetry/api';
import { hasLostRace, isTimeout, shownToCallers, wasRolledBack } from './failures.ts';
import { inBatchSpan, tracedContext } from './spans.ts';

/** Runs commands as one transaction; an outcome for each, in their order. */
export type RunBatch<C, A> = (commands: readonly C[]) => Promise<readonly PromiseSettledResult<A>[]>;

export interface LaneLimits {
  /** Commands of one transaction. Default 128. */
  maxBatch?: number;
  /** Commands that wait in one lane; more are refused at once. Default 1,024. */
  maxQueue?: number;
  /** A command that waited longer is refused unread. Default 5,000. */
  maxWaitMs?: number;
}

export interface LanesOptions<C, A> {
  lanes: number;
  /** Commands of one name meet one lane, in their order. */
  laneOf: (command: C) => string;
  run: RunBatch<C, A>;
  limits?: LaneLimits;
}

export interface Lanes<C, A> {
  submit(command: C): Promise<A>;
  /** Refuses what comes from now on and resolves when what waits is answered. */
  close(): Promise<void>;
  /** Commands that wait now, of all lanes. */
  waiting(): number;
}

interface Waiting<C, A> {
  command: C;
  since: number;
  context: Context | undefined;
  resolve: (answer: A) => void;
  reject: (error: unknown) => void;
}

/** How often a command alone may lose a race (key or account made by another process at the same instant, dead lock). */
const RACES = 3;

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

/**
 * Queues with one worker each and no timer: what arrives while a batch is under way is the next batch, so an idle lane adds
 * no delay and a busy one amortises. A refusal is an outcome of its command alone. A batch that the database rolled back is
 * halved and run again, until what it does not take is alone; after a time-out or a lost connection nothing is run again.
 */
export function createLanes<C, A>({ lanes: count, laneOf, run, limits = {} }: LanesOptions<C, A>): Lanes<C, A> {
  const lanes = Array.from({ length: count }, () => createLane(run, limits));
  return {
    submit: (command) => lanes[hash(laneOf(command)) % count]!.submit(command),
    close: async () => {
      await Promise.all(lanes.map((lane) => lane.close()));
    },
    waiting: () => lanes.reduce((sum, lane) => sum + lane.waiting(), 0),
  };
}

function createLane<C, A>(run: RunBatch<C, A>, limits: LaneLimits): Lanes<C, A> {
  const { maxBatch = 128, maxQueue = 1_024, maxWaitMs = 5_000 } = limits;
  const queue: Waiting<C, A>[] = [];
  let working: Promise<void> | undefined;
  let isOpen = true;

  const work = async () => {
    await nextTurn(); // Everything that this turn of the event loop brings shares the first batch.
    while (queue.length > 0) {
      await settle(run, queue.splice(0, maxBatch), maxWaitMs);
      await nextTurn(); // Callers that were just answered may join the next one.
    }
    working = undefined;
  };

  return {
    submit: (command) => {
      if (!isOpen || queue.length >= maxQueue) return Promise.reject(new AppError('SERVICE_UNAVAILABLE'));
      const { promise, resolve, reject } = Promise.withResolvers<A>();
      queue.push({ command, since: performance.now(), context: tracedContext(), resolve, reject });
      working ??= work();
      return promise;
    },
    close: async () => {
      isOpen = false;
      await working;
    },
    waiting: () => queue.length,
  };
}

/** Runs a part of a batch until each of its commands is answered. */
async function settle<C, A>(run: RunBatch<C, A>, part: readonly Waiting<C, A>[], maxWaitMs: number): Promise<void> {
  let batch = part;
  for (let races = 1; ; races += 1) {
    batch = refuseLate(batch, maxWaitMs);
    if (batch.length === 0) return;
    const error = await attempt(run, batch);
    if (error === undefined) return;
    const mayRunAgain = wasRolledBack(error) && !isTimeout(error);
    if (mayRunAgain && batch.length > 1) {
      const half = Math.ceil(batch.length / 2);
      await settle(run, batch.slice(0, half), maxWaitMs);
      return settle(run, batch.slice(half), maxWaitMs);
    }
    if (mayRunAgain && hasLostRace(error) && races < RACES) continue;
    for (const { reject } of batch) reject(shownToCallers(error));
    return;
  }
}

function refuseLate<C, A>(batch: readonly Waiting<C, A>[], maxWaitMs: number): readonly Waiting<C, A>[] {
  const oldest = performance.now() - maxWaitMs;
  for (const { since, reject } of batch) if (since < oldest) reject(new AppError('SERVICE_UNAVAILABLE'));
  return batch.filter(({ since }) => since >= oldest);
}

/** Runs commands as one transaction and answers each; gives the error if there was none to answer. */
async function attempt<C, A>(run: RunBatch<C, A>, batch: readonly Waiting<C, A>[]): Promise<unknown> {
  try {
    const contexts = batch.map(({ context }) => context);
    const outcomes = await inBatchSpan(contexts, () => run(batch.map(({ command }) => command)));
    for (const [n, { resolve, reject }] of batch.entries()) {
      const outcome = outcomes[n];
      if (outcome?.status === 'fulfilled') resolve(outcome.value);
      else reject(outcome ? outcome.reason : new Error('The batch gave this command no outcome.'));
    }
    return undefined;
  } catch (error) {
    return error ?? new Error('The batch failed without an error.');
  }
}

/** FNV-1a, its better bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let n = 0; n < text.length; n += 1) value = Math.imul(value ^ text.charCodeAt(n), 0x01000193);
  return value >>> 8;
}
