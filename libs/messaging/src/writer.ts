import type { EventDraft, IdempotencyKey } from '@punchcard/contracts';
import { idempotent, type Sql, type Tx } from '@punchcard/database';
import { announce } from './outbox.ts';
import { findLastSequence } from './platform-outbox.ts';
import type { Relay } from './relay.ts';

export interface WriterOptions {
  sql: Sql;
  relay: Pick<Relay, 'nudge' | 'published'>;
  /** The service; its reference topic has the same name. */
  source: string;
}

/** What one write did. `data` is the answer; `secrets` are those of its fields that a replay does not show. */
export interface Written<D extends object = object> {
  data: D;
  status?: number;
  events?: readonly EventDraft[];
  /** Whose events they are; default: the partner of the idempotency key. */
  partnerId?: string;
  secrets?: readonly string[];
}

export interface Write<D extends object = object> {
  data: D;
  status?: number;
  replayed: boolean;
  /** The sequence that copies must have to know this write. Absent when it did not reach the topic in time. */
  mark?: number;
}

export interface Writer {
  write<D extends object>(idempotency: IdempotencyKey | null, work: (tx: Tx) => Promise<Written<D>>): Promise<Write<D>>;
}

interface Announced {
  partnerId: string;
  sequence: number;
}

/**
 * Writes reference data: rows, events and the idempotency record in one transaction, then waits until the events are on
 * their topic. With Kafka away it answers after `copiesWaitMs` all the same, without a mark.
 */
export function createWriter({ sql, relay, source }: WriterOptions): Writer {
  const markOf = async ({ partnerId, sequence }: Announced): Promise<number | undefined> => {
    relay.nudge();
    return (await relay.published(partnerId, sequence)) ? sequence : undefined;
  };

  return {
    write: async <D extends object>(idempotency: IdempotencyKey | null, work: (tx: Tx) => Promise<Written<D>>) => {
      let announced: Announced | undefined;
      const outcome = await idempotent(sql, idempotency, async (tx) => {
        const { events = [], partnerId = idempotency?.partnerId, data, status, secrets } = await work(tx);
        if (events.length > 0) {
          if (partnerId === undefined) throw new Error('Events need a partnerId.');
          announced = { partnerId, sequence: await announce(tx, { source, partnerId, events }) };
        }
        return { data, status, secrets };
      });
      if (outcome.replayed && idempotency) announced = await lastOf(sql, idempotency.partnerId);
      const mark = announced && (await markOf(announced));
      return {
        data: outcome.data as D,
        replayed: outcome.replayed,
        ...(outcome.status === undefined ? {} : { status: outcome.status }),
        ...(mark === undefined ? {} : { mark }),
      };
    },
  };
}

/** A replay may be the only answer that its caller got: what the first one wrote is below the partner's last sequence. */
async function lastOf(sql: Sql, partnerId: string): Promise<Announced | undefined> {
  const sequence = await findLastSequence(sql, partnerId);
  return sequence === undefined ? undefined : { partnerId, sequence };
}
