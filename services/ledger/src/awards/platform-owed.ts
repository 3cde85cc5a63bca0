import type { Sql } from '@punchcard/database';
import type { OwedRow } from './owed-store.ts';

/** Of which only some are listed. */
export interface Refused {
  awards: (OwedRow & { refusedAs: string })[];
  total: number;
}

/** Across partners, or of one: what the books refused for good, the oldest first. */
export async function listRefused(
  sql: Sql,
  { partnerId, limit }: { partnerId: string | null; limit: number },
): Promise<Refused> {
  const isMeant = sql`refused_as is not null and (${partnerId}::uuid is null or partner_id = ${partnerId})`;
  const [awards, [counted]] = await Promise.all([
    sql<Refused['awards']>`
      select partner_id, reference, card_id, member_id, event, points, note, staff_id, occurred_at, traceparent, refused_as
      from owed_awards
      where ${isMeant}
      order by occurred_at, reference
      limit ${limit}
    `,
    sql<{ total: number }[]>`select count(*) as total from owed_awards where ${isMeant}`,
  ]);
  return { awards, total: counted!.total };
}

/** Across partners: how many awards wait to be booked, and how many were refused for good. */
export async function countOwed(sql: Sql): Promise<{ waiting: number; refused: number }> {
  const [counted] = await sql<{ waiting: number; refused: number }[]>`
    select
      (select count(*) from owed_awards where refused_as is null) as waiting,
      (select count(*) from owed_awards where refused_as is not null) as refused
  `;
  return counted!;
}

/** Where the last page ended. */
export type Cursor = Pick<OwedRow, 'occurredAt' | 'reference'>;

/** Across partners: what is owed and was neither booked nor refused, the oldest first. */
export async function findOwed(sql: Sql, { after, limit }: { after: Cursor; limit: number }): Promise<OwedRow[]> {
  return sql<OwedRow[]>`
    select partner_id, reference, card_id, member_id, event, points, note, staff_id, occurred_at, traceparent
    from owed_awards
    where refused_as is null and (occurred_at, reference) > (${after.occurredAt}, ${after.reference})
    order by occurred_at, reference
    limit ${limit}
  `;
}
