import { partnerOf, reply, type Call, type EventDraft, type Reply } from '@punchcard/contracts';
import type { Tx } from '@punchcard/database';
import type { Writer } from '@punchcard/messaging';
import { lockProgramme } from './store.ts';

export interface Change<D> {
  /** The answer. */
  data: D;
  /** The whole new state of everything that changed. */
  events: EventDraft[];
}

/** Changes a partner's programme: once for an idempotency key, one change after the other, announced with the commit. */
export async function changeProgramme<D extends object>(
  writer: Writer,
  { caller, idempotency }: Pick<Call, 'caller' | 'idempotency'>,
  work: (tx: Tx) => Promise<Change<D>>,
): Promise<Reply<D>> {
  const partnerId = partnerOf(caller).id;
  const { data, ...rest } = await writer.write(idempotency, async (tx) => {
    await lockProgramme(tx, partnerId);
    return { ...(await work(tx)), partnerId };
  });
  return reply(data as D, rest);
}
