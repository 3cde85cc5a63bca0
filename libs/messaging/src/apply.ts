import { context } from '@opentelemetry/api';
import { topics, type Topic } from '@punchcard/contracts';
import { inBatch, type Sql, type Statement, type Tx } from '@punchcard/database';
import type { DeadLetterOffice, Received } from './dead-letters.ts';
import { serviceOf } from './envelope.ts';
import { Abandoned, kindOf } from './failures.ts';
import { outcomeOf, toItem, type Item } from './item.ts';
import type { Log } from './log.ts';
import { consumerRetries, consumeDelay, eventsConsumed } from './metrics.ts';
import { claimNew, saveOffsets, saveSequences, type AppliedOffset, type AppliedSequence } from './platform-inbox.ts';
import { createBackOff } from './retries.ts';
import type { Interest } from './subscription.ts';
import { sleep } from './timing.ts';
import { activeIn, failSpan, startMessageSpan } from './trace.ts';

/** What one transaction moved on. */
export interface Applied {
  offsets: readonly AppliedOffset[];
  sequences: readonly AppliedSequence[];
}

export interface ApplierOptions {
  sql: Sql;
  group: string;
  topicName: (topic: string) => string;
  log: Log;
  interests: ReadonlyMap<string, Interest>;
  office: DeadLetterOffice;
  attempts: number;
  backOffMs: { first: number; max: number };
  onApplied: (applied: Applied) => void;
}

/**
 * Applies messages in order: as one transaction if all goes well. If one of them cannot be applied, in halves until it is
 * alone, and then to the dead-letter topic. Resolves when all are dealt with; in an outage that is when it is over.
 */
export async function apply(
  options: ApplierOptions,
  received: readonly Received[],
  signal: AbortSignal,
): Promise<void> {
  const items = received.map((message) => toItem(message, options));
  await applyItems(options, items, signal);
}

async function applyItems(options: ApplierOptions, items: readonly Item[], signal: AbortSignal): Promise<void> {
  const { group, log, attempts, backOffMs } = options;
  const backOff = createBackOff(backOffMs);
  for (let attempt = 1; ; attempt += 1) {
    if (signal.aborted) throw new Abandoned('The consumer was stopped or lost its partitions.');
    try {
      await sendDead(options, items, attempt);
      await transact(options, items);
      if (attempt > 1) log.info({ group, attempt, events: items.length }, 'events are dealt with');
      return;
    } catch (error) {
      const kind = kindOf(error);
      consumerRetries.inc({ group, kind });
      if (kind !== 'outage' && items.length > 1) {
        const half = items.length >> 1;
        await applyItems(options, items.slice(0, half), signal);
        return applyItems(options, items.slice(half), signal);
      }
      const item = items[0]!;
      // One that is a dead letter already failed for another reason, which only time can mend.
      if (!item.failure && (kind === 'poison' || (kind === 'bug' && attempt >= attempts))) {
        item.failure = { error, isSent: false };
        continue;
      }
      if (attempt === 1)
        log.warn({ err: error, group, kind, events: items.length }, 'events cannot be applied; trying again');
      await sleep(backOff.next(), signal);
    }
  }
}

async function sendDead(
  { group, log, office }: ApplierOptions,
  items: readonly Item[],
  attempt: number,
): Promise<void> {
  const dead = items.filter(({ failure }) => failure && !failure.isSent);
  if (dead.length === 0) return;
  await office.send(
    dead.map(({ received, failure }) => ({ received, error: failure!.error, attempts: attempt - 1 || 1 })),
  );
  for (const { received, failure } of dead) {
    failure!.isSent = true;
    const { topic, partition, offset } = received;
    log.error({ err: failure!.error, group, topic, partition, offset }, 'event went to the dead-letter topic');
  }
}

async function transact(options: ApplierOptions, items: readonly Item[]): Promise<void> {
  const { sql, group, onApplied } = options;
  const applied: Applied = { offsets: offsetsOf(items), sequences: sequencesOf(items) };
  const spans = items.map((item) => spanOf(options, item));
  const contexts = new Map(items.map((item, n) => [item, activeIn(spans[n])]));
  try {
    // What belongs to all of them (inbox, commit) is shown in the trace of the first.
    const fresh = await context.with(activeIn(spans.find(Boolean)), () =>
      inBatch(
        sql,
        async (tx) => {
          const todo = await claim(tx, group, items);
          for (const run of runsOf(todo)) {
            const envelopes = run.map(({ envelope }) => envelope!);
            await context.with(contexts.get(run[0]!)!, () => run[0]!.subscription!.handle(tx, envelopes));
          }
          return todo;
        },
        (tx, todo) => ({ answer: new Set(todo), statements: save(tx, group, applied) }),
      ),
    );
    onApplied(applied);
    observe(options, items, fresh);
  } catch (error) {
    for (const span of spans) failSpan(span, error);
    throw error;
  } finally {
    for (const span of spans) span?.end();
  }
}

const spanOf = (
  { group, topicName }: ApplierOptions,
  { received: { topic, partition, offset }, envelope, subscription }: Item,
) =>
  subscription &&
  startMessageSpan({
    operation: 'process',
    topic: topicName(topic),
    traceparent: envelope?.traceparent,
    attributes: {
      'messaging.consumer.group.name': group,
      'messaging.message.id': envelope?.id,
      'messaging.destination.partition.id': String(partition),
      'messaging.kafka.offset': offset,
    },
  });

/** Those that are for us, did not fail and were not applied before; of two with one id the first. */
async function claim(tx: Tx, group: string, items: readonly Item[]): Promise<Item[]> {
  const ours = items.filter(({ subscription, failure }) => subscription && !failure);
  if (ours.length === 0) return [];
  const fresh = await claimNew(
    tx,
    group,
    ours.map(({ envelope }) => envelope!.id),
  );
  return ours.filter(({ envelope }) => fresh.delete(envelope!.id.toLowerCase()));
}

/** Neighbours of one subscription that takes many, else one by one: the order of events stays. */
export function runsOf(items: readonly Item[]): Item[][] {
  const runs: Item[][] = [];
  for (const item of items) {
    const run = runs.at(-1);
    if (item.subscription!.takesMany && run?.[0]!.subscription === item.subscription) run!.push(item);
    else runs.push([item]);
  }
  return runs;
}

const save = (tx: Tx, group: string, { offsets, sequences }: Applied): Statement[] => [
  ...(sequences.length === 0 ? [] : [saveSequences(tx, sequences)]),
  saveOffsets(tx, group, offsets),
];

function offsetsOf(items: readonly Item[]): AppliedOffset[] {
  const last = new Map<string, AppliedOffset>();
  for (const {
    received: { topic, partition, offset },
    envelope,
  } of items) {
    const key = `${topic} ${partition}`;
    const eventTime = envelope ? new Date(envelope.time) : (last.get(key)?.eventTime ?? null);
    last.set(key, { topic, partition, nextOffset: offset + 1, eventTime });
  }
  return [...last.values()];
}

/**
 * Also of events that we do not subscribe to, and of dead ones: waiting for them would make no copy any newer.
 */
function sequencesOf(items: readonly Item[]): AppliedSequence[] {
  const last = new Map<string, AppliedSequence>();
  for (const { received, envelope } of items) {
    if (!envelope || topics[received.topic as Topic]?.kind !== 'reference') continue;
    const { partnerid: partnerId, sequence } = envelope;
    const source = serviceOf(envelope);
    const key = `${source} ${partnerId}`;
    last.set(key, { partnerId, source, sequence: Math.max(sequence, last.get(key)?.sequence ?? sequence) });
  }
  return [...last.values()];
}

function observe({ group }: ApplierOptions, items: readonly Item[], fresh: ReadonlySet<Item>): void {
  const now = Date.now();
  for (const item of items) {
    const { topic } = item.received;
    const outcome = outcomeOf(item, fresh.has(item));
    eventsConsumed.inc({ group, topic, outcome });
    if (outcome === 'applied') consumeDelay.observe({ group, topic }, (now - Date.parse(item.envelope!.time)) / 1_000);
  }
}
