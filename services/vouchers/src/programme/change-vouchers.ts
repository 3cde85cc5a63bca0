import { AppError, partnerOf, reply, type Call, type Reply, Miss } from '@punchcard/contracts';
import { idempotent, isUniqueViolation, type Sql, type Tx } from '@punchcard/database';
import { outboxStatement, type Copies, type OutboxRow, type Relay } from '@punchcard/messaging';
import { surely } from '../replicas/surely.ts';
import { lockCount } from './store.ts';

export interface ChangeDeps {
  sql: Sql;
  relay: Pick<Relay, 'nudge'>;
  copies: Pick<Copies, 'caughtUp'>;
}

export interface Change<D> {
  /** The answer. */
  data: D;
  status?: number;
  events: readonly OutboxRow[];
}

/**
 * Changes a partner's vouchers: once for an idempotency key, one change after the other, announced with the commit. `work` gets
 * the number of vouchers that there are. A club, card or tier that our copies do not know is looked for again once they have
 * caught up; only then it is missing. The rows are read here, so the answer needs no mark.
 */
export async function changeVouchers<D extends object>(
  { sql, relay, copies }: ChangeDeps,
  { caller, idempotency }: Pick<Call, 'caller' | 'idempotency'>,
  work: (tx: Tx, count: number) => Promise<Change<D>>,
): Promise<Reply<D>> {
  const partnerId = partnerOf(caller).id;
  const change = () =>
    idempotent(sql, idempotency, async (tx) => {
      const { events, ...done } = await work(tx, await lockCount(tx, partnerId));
      if (events.length > 0) await outboxStatement(tx, events);
      return done;
    });
  const { data, ...rest } = await surely(() => change().catch(againIfTaken(change)), copies);
  relay.nudge();
  return reply(data as D, rest);
}

/** A batch in the background, which does not hold the lock, drew the very code a moment before: now it is seen to be taken. */
const againIfTaken =
  <T>(change: () => Promise<T>) =>
  (error: unknown): Promise<T> => {
    if (isUniqueViolation(error, 'vouchers_code')) return change();
    throw error;
  };

/** Something of the catalog that a body names: missing for sure only once our copy has caught up. */
export const missing = (refusal: AppError): Miss => new Miss(refusal, ['catalog']);
