import { AppError, notFound, type Answer, type memberBalance, Miss } from '@punchcard/contracts';
import type { Sql } from '@punchcard/database';
import { findMember } from '../members/find-member.ts';
import { byId } from '../members/identify.ts';
import { laddersOf, pointsToNextTier, scopeFor, tierAt } from '../tiers/rules.ts';
import { balanceFrom, balanceThen, findCardTerms, findTiers, lifetimeFrom, lifetimeThen } from './views.ts';
import type { AccountKey, Balance } from './views.ts';

export interface Asked extends AccountKey {
  /** The instant that is asked for. */
  at: Date;
  now: Date;
}

/** A member's balance on a card at an instant. Throws a `Miss` for a member or a card that is not known here. */
export async function getBalance(sql: Sql, { at, now, ...key }: Asked): Promise<Answer<typeof memberBalance>> {
  const { partnerId, memberId, cardId } = key;
  const [member, card] = await Promise.all([
    findMember(sql, partnerId, byId(memberId)),
    findCardTerms(sql, partnerId, cardId),
  ]);
  if (!member) {
    throw new Miss(new AppError('MEMBER_NOT_FOUND', { details: { member_identifier: memberId } }), ['members']);
  }
  if (!card || card.isDeleted) throw new Miss(notFound('card', cardId), ['catalog']);
  const ladders = laddersOf(await findTiers(sql, partnerId, card.clubId));
  const scopeId = scopeFor(ladders, card.clubId);
  const isPast = at < now;
  const [balance, lifetime] = await Promise.all([
    (isPast ? balanceThen : balanceFrom)(sql, key, at),
    (isPast ? lifetimeThen : lifetimeFrom)(sql, { partnerId, memberId, scopeId }, at),
  ]);
  const ladder = ladders.get(scopeId);
  return {
    member_id: memberId,
    card_id: cardId,
    balance: balance.total,
    currency: card.currency,
    at: at.toISOString(),
    breakdown: breakdownOf(balance),
    lifetime_points: lifetime,
    tier: tierAt(ladder, lifetime)?.name ?? null,
    points_to_next_tier: pointsToNextTier(ladder, lifetime),
  };
}

const breakdownOf = ({ total, pending, nextExpiry, nextActivation, ...points }: Balance) => ({
  active: total - pending,
  pending,
  held: 0,
  expiring_next: nextExpiry && { points: points.nextExpiryPoints, expires_at: nextExpiry.toISOString() },
  next_activation: nextActivation && {
    points: points.nextActivationPoints,
    activates_at: nextActivation.toISOString(),
  },
});
