import type { Sql } from '@punchcard/database';
import type { OwedRow } from './owed-store.ts';

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
