import type { Sql, Tx } from '@punchcard/database';
import type { Owed } from './new-award.ts';

/** A row of `owed_awards`. */
export type OwedRow = Required<Owed> & { occurredAt: Date };

export async function insertOwed(tx: Tx, owed: OwedRow): Promise<void> {
  await tx`insert into owed_awards ${tx({ ...owed })} on conflict (partner_id, reference) do nothing`;
}

type Named = Pick<Owed, 'partnerId' | 'reference'>;

export async function forgetOwed(sql: Sql, { partnerId, reference }: Named): Promise<void> {
  await sql`delete from owed_awards where partner_id = ${partnerId} and reference = ${reference}`;
}

export async function noteRefusal(sql: Sql, { partnerId, reference }: Named, code: string): Promise<void> {
  await sql`update owed_awards set refused_as = ${code} where partner_id = ${partnerId} and reference = ${reference}`;
}
