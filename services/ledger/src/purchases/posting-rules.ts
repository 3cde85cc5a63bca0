import { assertFits, credit, type Credit } from '../booking/posting-rules.ts';
import type { Match, Position, PurchaseAnswer, PurchaseOrder } from '../booking/rules.ts';
import { pointsToNextTier, scopeFor, tierAt } from '../tiers/rules.ts';
import { lifetimeAt, place } from '../tiers/standing-rules.ts';
import { explain } from './answer-rules.ts';
import type { Checked } from './field-rules.ts';
import { decidePurchase, type PurchaseDecision } from './rules.ts';

interface Told {
  match: Match;
  checked: Checked;
}

/** Decides a purchase and books it: the purchase, the welcome bonus beside the first, and where the points lift the member to. */
export function bookPurchase(position: Position, order: PurchaseOrder, { match, checked }: Told): PurchaseAnswer {
  const { card, ladders, standing, account, at } = position;
  const { amountMinor } = checked;
  const scopeId = scopeFor(ladders, card.clubId);
  const ladder = ladders.get(scopeId);
  const tier = tierAt(ladder, lifetimeAt(standing, scopeId, at));
  const decision = decidePurchase(order, { card, tier, isFirst: !account.hasPurchased, amountMinor, at });
  const { points, bonusPoints, breakdown, activatesAt, expiresAt, reason } = decision;
  assertFits(account, standing, points + bonusPoints);

  const balanceBefore = account.balance;
  const entry = credit(position, purchaseCredit(order, decision, checked));
  const bonusId = bonusPoints > 0 ? bookBonus(position, order, decision) : null;
  account.hasPurchased = true;
  place(position);

  const lifetime = lifetimeAt(standing, scopeId, at);
  const tierAfter = tierAt(ladder, lifetime);
  const answer: PurchaseAnswer = {
    transaction_id: order.transactionId,
    points_awarded: points,
    new_balance: account.balance,
    tier: tierAfter?.name ?? null,
    bonus_points: bonusPoints,
    bonus_transaction_id: bonusId,
    member_balance: balanceBefore,
    card_id: card.cardId,
    member_id: account.memberId,
    matched_by: match.kind,
    status: activatesAt === null ? 'completed' : 'pending',
    activates_at: activatesAt?.toISOString() ?? null,
    expires_at: expiresAt?.toISOString() ?? null,
    tier_changed: tierAfter?.tierId !== tier?.tierId,
    points_to_next_tier: pointsToNextTier(ladder, lifetime),
    breakdown,
    reason,
    duplicate: false,
    ...(order.isExplained ? { explain: explain(position, { decision, tier, amountMinor }) } : {}),
  };
  if (order.reference !== null) entry.answer = answer;
  return answer;
}

function purchaseCredit(order: PurchaseOrder, decision: PurchaseDecision, { amountMinor, items }: Checked): Credit {
  const { points, bonusPoints, breakdown, occurredAt, activatesAt, expiresAt } = decision;
  const { transactionId, reference, note, staffId } = order;
  return {
    ...{ kind: 'purchase', event: 'staff_credited_points_for_purchase', transactionId, reference, note, staffId },
    ...{ points, breakdown, purchaseMinor: amountMinor, items: items.length > 0 ? items : null },
    ...{ groupId: bonusPoints > 0 ? transactionId : null },
    ...{ occurredAt, earnedAt: occurredAt, activatesAt, expiresAt },
  };
}

function bookBonus(position: Position, { transactionId, staffId }: PurchaseOrder, decision: PurchaseDecision): string {
  const { bonusPoints, occurredAt, activatesAt, expiresAt } = decision;
  const bonusId = position.books.newId();
  credit(position, {
    ...{ kind: 'bonus', event: 'initial_bonus_points', transactionId: bonusId, groupId: transactionId },
    ...{ staffId, points: bonusPoints, occurredAt, earnedAt: occurredAt, activatesAt, expiresAt },
  });
  return bonusId;
}
