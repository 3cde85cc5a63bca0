import { topics as contract, type Topic } from '@punchcard/contracts';
import type { Sql } from '@punchcard/database';
import { apply, type Applied } from './apply.ts';
import { createBatcher } from './batcher.ts';
import { createRun, type Assignment, type Run } from './consumer-run.ts';
import { createCopies, type Copies, type CopiesKeeper } from './copies.ts';
import { createDeadLetterOffice, type Received } from './dead-letters.ts';
import { createEndOffsets, type EndOffsets } from './end-offsets.ts';
import type { KafkaClient } from './kafka.ts';
import type { Log } from './log.ts';
import { consumerLag, consumerRestarts } from './metrics.ts';
import { place } from './placement.ts';
import { sweepInbox, type AppliedOffset } from './platform-inbox.ts';
import { consumer as settings, createBackOff, sweepEveryMs } from './retries.ts';
import { byType, type Subscription } from './subscription.ts';
import { every, sleep, unlessAborted, within } from './timing.ts';
import { ensureTopics } from './topics.ts';

export interface ConsumerOptions {
  sql: Sql;
  kafka: KafkaClient;
  /** The service. All instances with one group share the work, and the tables that `sql` leads to. */
  group: string;
  subscriptions: readonly Subscription[];
  log: Log;
  /** For a failure that is neither an outage nor poison. */
  retries?: { attempts?: number; backOffMs?: { first: number; max: number } };
}

export interface Consumer {
  /** Begins in the background: a service starts, and lives, while Kafka is away. */
  start(): void;
  /** Finishes the transaction under way. */
  stop(): Promise<void>;
  /** False when it has stopped working and does not come back by itself. An absent Kafka is not that. */
  isHealthy(): boolean;
  readonly copies: Copies;
}

interface State extends ConsumerOptions {
  topics: readonly Topic[];
  endOffsets: EndOffsets;
  copies: CopiesKeeper;
  positions: Map<string, AppliedOffset>;
  stopping: AbortController;
  run: Run | undefined;
  seenAt: number;
}

/**
 * Reads the topics of its subscriptions. An event's effect, the note that it was processed and the position in the topic are
 * one transaction, so that neither a duplicate nor a crash changes the result. What can never be applied goes to
 * `<topic>.<group>.dlq`; an outage is waited for.
 */
export function createConsumer(options: ConsumerOptions): Consumer {
  const { sql, kafka, group, subscriptions, log } = options;
  const interests = byType(subscriptions);
  const topics = [...new Set([...interests.values()].map(({ event }) => event.topic))];
  const endOffsets = createEndOffsets({ kafka, topics });
  const state: State = {
    ...options,
    topics,
    endOffsets,
    copies: createCopies({ sql, group, topics, endOffsets, waitMs: kafka.copiesWaitMs }),
    positions: new Map(),
    stopping: new AbortController(),
    run: undefined,
    seenAt: Date.now(),
  };
  const office = createDeadLetterOffice({ kafka, group });
  const onApplied = (applied: Applied) => {
    remember(state, applied.offsets);
    state.copies.applied(applied);
  };
  const { attempts = settings.attempts, backOffMs = settings.backOffMs } = options.retries ?? {};
  const { topicName } = kafka;
  const applier = { sql, group, topicName, log, interests, office, attempts, backOffMs, onApplied };
  const batcher = createBatcher({
    run: (messages, signal) => apply(applier, messages, signal),
    maxBatch: settings.maxBatch,
    gatherMs,
  });
  const upkeep: { stop(): void }[] = [];
  let running: Promise<void> | undefined;
  return {
    start: () => {
      running ??= superviseRuns(state, batcher.submit);
      upkeep.push(...startUpkeep(state));
    },
    stop: async () => {
      for (const job of upkeep) job.stop();
      state.stopping.abort();
      await commit(state).catch(() => undefined);
      await state.run?.stop();
      await running;
      await Promise.all([endOffsets.close(), office.close()]);
    },
    isHealthy: () => Date.now() - Math.max(state.seenAt, state.run?.lastSign() ?? 0) < 2 * settings.silentMs,
    copies: state.copies,
  };
}

/** Facts that trickle in are worth gathering. Reference data are waited for, and a full batch means that we are behind. */
const gatherMs = (messages: readonly Received[]): number =>
  messages.length < settings.maxBatch && messages.every(({ topic }) => contract[topic as Topic]?.kind === 'fact')
    ? settings.gatherFactsMs
    : 0;

type Submit = ReturnType<typeof createBatcher>['submit'];

/** Makes a new kafkajs consumer whenever the last one ended, until stopped. */
async function superviseRuns(state: State, submit: Submit): Promise<void> {
  const { kafka, group, topics, log, stopping } = state;
  const backOff = createBackOff(settings.restartMs);
  for (let failures = 0; !stopping.signal.aborted;) {
    const run = createRun({
      kafka,
      group,
      topics,
      submit,
      place: (assigned, signal) => placeAnew(state, assigned, signal),
    });
    state.run = run;
    const begin = async () => {
      await ensureTopics(kafka, { groups: { [group]: topics } });
      if (!stopping.signal.aborted) await run.start();
    };
    const beginning = begin();
    try {
      await unlessAborted(beginning, stopping.signal);
      if (failures > 0) log.info({ group, failures }, 'consumer is back');
      failures = 0;
      backOff.reset();
      const error = await unlessAborted(run.ended, stopping.signal);
      if (error) throw error;
    } catch (error) {
      if (stopping.signal.aborted) break;
      if (failures === 0) log.warn({ err: error, group }, 'consumer stopped; starting it again until it works');
      failures += 1;
      consumerRestarts.inc({ group });
      await sleep(backOff.next(), stopping.signal);
    } finally {
      await run.stop().catch(() => undefined);
      // Nobody else waits for the topics that it may still make.
      await within(settings.stopWhileJoiningMs, beginning).catch(() => undefined);
      state.seenAt = Date.now();
    }
  }
}

async function placeAnew(state: State, assigned: Assignment, signal: AbortSignal): Promise<AppliedOffset[]> {
  const positions = await place(state, assigned, signal);
  state.positions.clear();
  remember(state, positions);
  state.copies.placed(positions);
  return positions;
}

async function commit({ positions, run }: State): Promise<void> {
  if (positions.size > 0) await within(2_000, run?.commit([...positions.values()]) ?? Promise.resolve());
}

function remember(state: State, offsets: readonly AppliedOffset[]): void {
  state.seenAt = Date.now();
  for (const offset of offsets) state.positions.set(`${offset.topic} ${offset.partition}`, offset);
}

function startUpkeep(state: State): { stop(): void }[] {
  const { sql, group, topics, copies, endOffsets, log } = state;
  const onError = (error: unknown) => log.debug({ err: error, group }, 'upkeep of the consumer failed');
  const measure = async () => {
    const ends = await endOffsets.fresh();
    const lags = copies.lagOf(ends);
    for (const topic of topics) consumerLag.set({ group, topic }, lags.get(topic) ?? 0);
    await copies.looked(ends);
  };
  const sweep = () => sweepInbox(sql, new Date(Date.now() - settings.keepInboxDays * 86_400_000));
  return [
    every(settings.measureEveryMs, measure, onError),
    every(settings.commitEveryMs, () => commit(state), onError),
    every(sweepEveryMs, sweep, onError),
  ];
}
