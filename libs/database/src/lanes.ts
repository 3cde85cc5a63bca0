import { AppError } from '@punchcard/contracts';
import { isTimeout, wasRolledBack } from './failures.ts';

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
  resolve: (answer: A) => void;
  reject: (error: unknown) => void;
}

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

/**
 * Queues with one worker each and no timer: what arrives while a batch is under way is the next batch, so an idle lane adds
 * no delay and a busy one amortises.
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

function createLane<C, A>(run: RunBatch<C, A>, limits: LaneLimits): Omit<Lanes<C, A>, never> {
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
      queue.push({ command, since: performance.now(), resolve, reject });
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

/** Runs a batch. One that the database rolled back is halved and run again, until the poisonous command is alone. */
async function settle<C, A>(run: RunBatch<C, A>, waiting: Waiting<C, A>[], maxWaitMs: number): Promise<void> {
  const oldest = performance.now() - maxWaitMs;
  const batch = waiting.filter(({ since }) => since >= oldest);
  for (const { since, reject } of waiting) if (since < oldest) reject(new AppError('SERVICE_UNAVAILABLE'));
  if (batch.length === 0) return;
  try {
    const outcomes = await run(batch.map(({ command }) => command));
    for (const [n, { resolve, reject }] of batch.entries()) {
      const outcome = outcomes[n]!;
      if (outcome.status === 'fulfilled') resolve(outcome.value);
      else reject(outcome.reason);
    }
  } catch (error) {
    if (isTimeout(error)) {
      for (const { reject } of batch) reject(new AppError('SERVICE_UNAVAILABLE', { cause: error }));
    } else if (batch.length > 1 && wasRolledBack(error)) {
      const half = Math.ceil(batch.length / 2);
      await settle(run, batch.slice(0, half), maxWaitMs);
      await settle(run, batch.slice(half), maxWaitMs);
    } else {
      for (const { reject } of batch) reject(error);
    }
  }
}

/** FNV-1a: even enough for lanes, and cheap. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let n = 0; n < text.length; n++) value = Math.imul(value ^ text.charCodeAt(n), 0x01000193);
  return value >>> 0;
}
