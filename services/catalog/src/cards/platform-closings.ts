import type { Sql } from '@punchcard/database';
import type { Closing } from './closing-store.ts';

/** Across partners: deletions of cards that began before an instant and have not ended, the oldest first. */
export async function findOldClosings(sql: Sql, before: Date): Promise<Closing[]> {
  return sql<Closing[]>`
    select partner_id, card_id, closing_id, closing_since, closing_locale
    from cards
    where closing_since < ${before}
    order by closing_since
    limit 1000
  `;
}
