import { AppError, notFound } from '@punchcard/contracts';
import type { Tx } from '@punchcard/database';
import { requireNotHeld } from '../cards/require-not-held.ts';
import { requireClub } from '../clubs/require-club.ts';
import { missing } from '../programme/change-vouchers.ts';
import { isAnyHeld } from '../tiers/store.ts';
import { isOpen, type Terms } from './rules.ts';
import { findReferenced } from './store.ts';

export interface TermsCheck {
  partnerId: string;
  terms: Terms & { timesUsed?: number };
  /** What was there before: it is not looked up again, but for the card of a voucher that can be redeemed only from now on. */
  before?: Terms & { timesUsed?: number };
  /** Stands before the names of fields, as `template.`. */
  path?: string;
  now: Date;
}

/**
 * Makes sure that what the terms name is the partner's own. Throws a `Miss`: our copies may be behind.
 * @throws AppError SERVICE_UNAVAILABLE while the catalog decides whether it is deleted
 */
export async function requireTerms(tx: Tx, { partnerId, terms, before, path = '', now }: TermsCheck): Promise<void> {
  const { clubId, rewardCardId, targetTiers } = terms;
  if (clubId !== before?.clubId) await requireClub(tx, { partnerId, clubId }, now);
  const isOther = rewardCardId !== before?.rewardCardId;
  const begins = isOther || (before !== undefined && !isOpen(before, now) && isOpen(terms, now));
  const cardIds = rewardCardId !== null && begins ? [rewardCardId] : [];
  const tierIds = targetTiers.filter((id) => !before?.targetTiers.includes(id));
  if (cardIds.length + tierIds.length === 0) return;
  const found = await findReferenced(tx, { partnerId, cardIds, tierIds });
  for (const id of cardIds) if (!found.has(id)) throw missing(notFound('card', id, `${path}reward_card_id`));
  for (const id of tierIds) {
    if (!found.has(id)) throw missing(notFound('tier', id, `${path}target_tiers[${targetTiers.indexOf(id)}]`));
  }
  for (const cardId of cardIds) await requireNotHeld(tx, { partnerId, cardId }, now);
  if (tierIds.length > 0 && (await isAnyHeld(tx, { partnerId, tierIds }, now))) {
    throw new AppError('SERVICE_UNAVAILABLE', { details: { service: 'vouchers' }, retryAfter: 1 });
  }
}
