import { AppError, partnerOf, reply, type Call, type EventDraft, type Reply } from '@punchcard/contracts';
import type { Tx } from '@punchcard/database';
import type { Copies, Writer } from '@punchcard/messaging';
import { lockStaff } from './store.ts';

interface Deps {
  writer: Writer;
  copies: Copies;
}

export interface Change<D> {
  /** The answer. */
  data: D;
  /** The whole new state of everybody that changed. */
  events: EventDraft[];
}

/**
 * Changes a partner's staff: once for an idempotency key, one change after the other, announced with the commit. A club that our
 * copy does not know is looked for again once the copy has caught up; only then it is missing.
 */
export async function changeStaff<D extends object>(
  { writer, copies }: Deps,
  { caller, idempotency }: Pick<Call, 'caller' | 'idempotency'>,
  work: (tx: Tx) => Promise<Change<D>>,
): Promise<Reply<D>> {
  const partnerId = partnerOf(caller).id;
  const write = () =>
    writer.write(idempotency, async (tx) => {
      await lockStaff(tx, partnerId);
      return { ...(await work(tx)), partnerId };
    });
  const { data, ...rest } = await write().catch(async (thrown: unknown) => {
    if (!isMissingClub(thrown)) throw thrown;
    if (await copies.caughtUp(['catalog'])) return write();
    throw new AppError('SERVICE_UNAVAILABLE', { details: { service: 'staff' }, retryAfter: 1, cause: thrown });
  });
  return reply(data as D, rest);
}

const isMissingClub = (thrown: unknown): boolean => thrown instanceof AppError && thrown.code === 'CLUB_NOT_FOUND';
