import { AppError } from '@punchcard/contracts';
import type { Tx } from '@punchcard/database';
import { findClub, type ClubKey } from './store.ts';

/**
 * Makes sure that somebody can be put in a club.
 * @throws AppError CLUB_NOT_FOUND, or SERVICE_UNAVAILABLE while the catalog decides whether it is deleted
 */
export async function requireClub(tx: Tx, { partnerId, clubId }: ClubKey, now: Date): Promise<void> {
  const club = await findClub(tx, { partnerId, clubId }, now);
  if (!club || club.isDeleted) throw new AppError('CLUB_NOT_FOUND', { details: { club_id: clubId } });
  if (club.isHeld) throw new AppError('SERVICE_UNAVAILABLE', { details: { service: 'staff' }, retryAfter: 1 });
}
