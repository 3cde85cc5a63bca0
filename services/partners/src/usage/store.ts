import type { Tx } from '@punchcard/database';

/** Kinds of things that are counted, by the names of a partner's `usage`. */
export type ThingKind = 'clubs' | 'cards' | 'rewards' | 'stamp_cards' | 'members' | 'staff' | 'vouchers';

export interface Thing {
  partnerId: string;
  kind: ThingKind;
  thingId: string;
  isGone: boolean;
  sequence: number;
}

/** Keeps the newest state of a thing, and the count of its kind; an older event that arrives late changes neither. */
export async function saveThing(tx: Tx, thing: Thing): Promise<void> {
  await addToCount(tx, thing, await saveNewest(tx, thing));
}

/** Many things that come, or one of them that goes, told once: `thingId` names what told it, `kind` what is counted. */
export async function countOnce(
  tx: Tx,
  { toldBy, step, ...thing }: Thing & { toldBy: string; step: number },
): Promise<void> {
  const inserted = await tx`
    insert into things ${tx({ ...thing, kind: toldBy })}
    on conflict do nothing
    returning 1
  `;
  if (inserted.length > 0) await addToCount(tx, thing, step);
}

async function addToCount(tx: Tx, { partnerId, kind }: Pick<Thing, 'partnerId' | 'kind'>, step: number): Promise<void> {
  if (step === 0) return;
  await tx`
    insert into usage_counts (partner_id, kind, count)
    values (${partnerId}, ${kind}, ${step})
    on conflict (partner_id, kind) do update
    set count = usage_counts.count + excluded.count
  `;
}

/** @returns by how much the number of things changed */
async function saveNewest(tx: Tx, thing: Thing): Promise<-1 | 0 | 1> {
  const { partnerId, kind, thingId, isGone, sequence } = thing;
  const inserted = await tx`
    insert into things ${tx({ ...thing })}
    on conflict do nothing
    returning 1
  `;
  if (inserted.length > 0) return isGone ? 0 : 1;
  const [saved] = await tx<{ wasGone: boolean }[]>`
    with before as (
      select is_gone
      from things
      where partner_id = ${partnerId} and kind = ${kind} and thing_id = ${thingId}
      for update
    )
    update things
    set is_gone = ${isGone}, sequence = ${sequence}
    from before
    where partner_id = ${partnerId} and kind = ${kind} and thing_id = ${thingId} and sequence < ${sequence}
    returning before.is_gone as was_gone
  `;
  if (!saved || saved.wasGone === isGone) return 0;
  return isGone ? -1 : 1;
}
