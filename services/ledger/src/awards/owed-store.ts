import type { Sql, Tx } from '@punchcard/database';
import type { Owed } from './new-award.ts';

/** A row of `owed_awards`. */
export type OwedRow = Required<Owed> & { occurredAt: Date };

export async function insertOwed(tx: Tx, owed: OwedRow): Promise<void> {
  await tx`insert into owed_awards ${tx({ ...owed })} on conflict (partner_id, reference) do nothing`;
}

type Named = Pick<Owed, 'partnerId' | 'reference'>;

/** One that the books refused for good. */
export async function findRefused(sql: Sql, { partnerId, reference }: Named): Promise<OwedRow | undefined> {
  const [owed] = await sql<OwedRow[]>`
    select partner_id, reference, card_id, member_id, event, points, note, staff_id, occurred_at, traceparent
    from owed_awards
    where partner_id = ${partnerId} and reference = ${reference} and refused_as is not null
  `;
  return owed;
}

export async function forgetOwed(sql: Sql, { partnerId, reference }: Named): Promise<void> {
  await sql`delete from owed_awards where partner_id = ${partnerId} and reference = ${reference}`;
}

export async function noteRefusal(sql: Sql, { partnerId, reference }: Named, code: string): Promise<void> {
  await sql`update owed_awards set refused_as = ${code} where partner_id = ${partnerId} and reference = ${reference}`;
}
