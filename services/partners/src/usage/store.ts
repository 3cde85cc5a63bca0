import type { Tx } from '@punchcard/database';

/** Kinds of things that are counted, by the names of a partner's `usage`. */
export type ThingKind = 'clubs' | 'cards' | 'rewards' | 'members';

export interface Thing {
  partnerId: string;
  kind: ThingKind;
  thingId: string;
  isGone: boolean;
}

/** Keeps what exists: a thing that is gone has no row. */
export async function saveThing(tx: Tx, { partnerId, kind, thingId, isGone }: Thing): Promise<void> {
  if (isGone) {
    await tx`
      delete from things
      where partner_id = ${partnerId} and kind = ${kind} and thing_id = ${thingId}
    `;
    return;
  }
  await tx`
    insert into things (partner_id, kind, thing_id)
    values (${partnerId}, ${kind}, ${thingId})
    on conflict do nothing
  `;
}
