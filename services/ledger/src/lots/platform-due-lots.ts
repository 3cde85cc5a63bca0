import type { Sql } from '@punchcard/database';

export interface DueLot {
  partnerId: string;
  memberId: string;
  cardId: string;
  lotId: string;
  dueAt: Date;
}

/** Where the last page ended. */
export type Cursor = Pick<DueLot, 'dueAt' | 'lotId'>;

export interface Page {
  now: Date;
  after: Cursor;
  limit: number;
}

/** Across partners: lots that expired and were not booked as such, the earliest first. */
export async function findExpired(sql: Sql, { now, after, limit }: Page): Promise<DueLot[]> {
  return sql<DueLot[]>`
    select partner_id, member_id, card_id, lot_id, expires_at as due_at
    from lots
    where remaining > 0 and expires_at <= ${now} and (expires_at, lot_id) > (${after.dueAt}, ${after.lotId})
    order by expires_at, lot_id
    limit ${limit}
  `;
}

/** Across partners: lots that became active and are in nobody's lifetime points yet. */
export async function findWoken(sql: Sql, { now, after, limit }: Page): Promise<DueLot[]> {
  return sql<DueLot[]>`
    select partner_id, member_id, card_id, lot_id, activates_at as due_at
    from lots
    where not is_counted and remaining > 0 and activates_at <= ${now}
      and (activates_at, lot_id) > (${after.dueAt}, ${after.lotId})
    order by activates_at, lot_id
    limit ${limit}
  `;
}
