import { AppError } from '@punchcard/contracts';
import type { Tx } from '@punchcard/database';
import { missing } from '../programme/change-vouchers.ts';
import { findClub, type ClubKey } from './store.ts';

/**
 * Makes sure that a voucher can be put in a club. Throws a `Miss` of CLUB_NOT_FOUND, since our copy may be behind.
 * @throws AppError SERVICE_UNAVAILABLE while the catalog decides whether it is deleted
 */
export async function requireClub(tx: Tx, { partnerId, clubId }: ClubKey, now: Date): Promise<void> {
  const club = await findClub(tx, { partnerId, clubId }, now);
  if (!club || club.isDeleted) throw missing(new AppError('CLUB_NOT_FOUND', { details: { club_id: clubId } }));
  if (club.isHeld) throw new AppError('SERVICE_UNAVAILABLE', { details: { service: 'vouchers' }, retryAfter: 1 });
}
