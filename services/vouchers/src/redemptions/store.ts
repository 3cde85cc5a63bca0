import type { Sql } from '@punchcard/database';
import type { PointsStatus } from './batch-rules.ts';

export interface RedemptionKey {
  partnerId: string;
  redemptionId: string;
}

export interface OwedPoints {
  memberId: string;
  cardId: string;
  points: number;
  staffId: string | null;
  note: string | null;
  redeemedAt: Date;
  pointsStatus: PointsStatus;
}

/** What a redemption owes in points. */
export async function findOwed(sql: Sql, { partnerId, redemptionId }: RedemptionKey): Promise<OwedPoints> {
  const [owed] = await sql<OwedPoints[]>`
    select member_id, card_id, points, staff_id, note, redeemed_at, points_status
    from redemptions
    where partner_id = ${partnerId} and redemption_id = ${redemptionId}
  `;
  return owed!;
}

/** Decides what callers are told, once: the first decision stands. @returns it */
export async function decideStatus(
  sql: Sql,
  { partnerId, redemptionId, status }: RedemptionKey & { status: 'booked' | 'queued' },
): Promise<'booked' | 'queued'> {
  const [decided] = await sql<{ pointsStatus: 'booked' | 'queued' }[]>`
    update redemptions
    set points_status = case points_status when 'undecided' then ${status} else points_status end
    where partner_id = ${partnerId} and redemption_id = ${redemptionId}
    returning points_status
  `;
  return decided!.pointsStatus;
}
