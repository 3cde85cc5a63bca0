import { AppError, notFound, pickText, type Reader, Miss } from '@punchcard/contracts';
import { activePoints, debit } from '../booking/posting-rules.ts';
import {
  named,
  referenceOf,
  type Match,
  type Position,
  type RedeemAnswer,
  type RedeemOrder,
} from '../booking/rules.ts';
import type { Books, ClaimAnswer, Counter } from '../booking/rules.ts';
import { isForEverybody } from '../cards/rules.ts';
import { lotsToSpend, type Spend } from '../lots/rules.ts';
import { scopeFor, tierAt } from '../tiers/rules.ts';
import { lifetimeAt } from '../tiers/standing-rules.ts';
import { decideRedemption, type RedemptionFacts, type Reward } from './rules.ts';

/**
 * Decides a redemption or a claim and books it: the debit with its lots, the reward's stock, the member's uses. A card that is
 * kept from the member who claims is as absent as one that is not there.
 */
export function bookRedemption(position: Position, order: RedeemOrder, { kind }: Match): RedeemAnswer | ClaimAnswer {
  const { books, card, standing, account, at } = position;
  const { claim } = order;
  if (claim && account.seq === 0 && !isForEverybody(card, at)) throw notFound('card', card.cardId, 'card_id');
  const facts = redemptionFacts(position, order);
  const { reward, balance, usedByMember } = facts;
  const points = decideRedemption(facts);

  const { transactionId, rewardId, reference, note, staffId } = order;
  const entry = debit(position, {
    event: claim ? 'member_redeemed_points_for_reward' : 'staff_redeemed_points_for_reward',
    ...{ kind: 'redeem', transactionId, rewardId, reference, note, staffId },
    ...{ referenceOf: referenceOf(order), claimCode: claim?.code ?? null },
    ...{ occurredAt: at, spends: spendsOf(position, points) },
  });
  standing.uses[rewardId] = usedByMember + 1;
  const counter = counterOf(position, order);
  if (counter) {
    counter.used += 1;
    books.journal.counters.add(counter);
  }
  const answer = {
    transaction_id: transactionId,
    points_deducted: points,
    member_balance: balance,
    new_balance: balance - points,
    reward_id: rewardId,
    reward: titleOf(reward, { language: order.language, locale: card.locale }),
    card_id: card.cardId,
    member_id: account.memberId,
    ...(claim ? { claim_code: claim.code } : { matched_by: kind }),
    duplicate: false,
  };
  if (reference !== null) entry.answer = answer;
  return answer;
}

/**
 * Lots are read by the identifiers of the member after the account is locked by them. One that is taken from the member in
 * between leaves the account without lots: a Miss, so that all is read anew. What is missing then is missing in the books.
 */
function spendsOf({ account, at }: Position, points: number): Spend[] {
  try {
    return lotsToSpend(account.lots, points, at);
  } catch (cause) {
    throw new Miss(new AppError('INTERNAL_ERROR', { cause }), ['members']);
  }
}

/** All that decides a redemption, of a position that is settled. */
export function redemptionFacts(position: Position, order: RedeemOrder): RedemptionFacts {
  const { books, card, ladders, standing, account, at } = position;
  const scopeId = scopeFor(ladders, card.clubId);
  return {
    ...{ card, at, reward: rewardOf(books, order), used: counterOf(position, order)?.used ?? null },
    tier: tierAt(ladders.get(scopeId), lifetimeAt(standing, scopeId, at)),
    usedByMember: standing.uses[order.rewardId] ?? 0,
    balance: activePoints(account, at),
    isClaim: order.claim !== null,
  };
}

const counterOf = ({ books }: Position, { partnerId, rewardId }: RedeemOrder): Counter | undefined =>
  books.counters.get(named(partnerId, rewardId));

const titleOf = ({ titles, name }: Reward, reader: Reader): string =>
  Object.keys(titles).length > 0 ? pickText(titles, reader) : name;

/** The reward that an order names; a claim names it in its path. Throws a `Miss` when it is not known here. */
export function rewardOf(books: Books, { partnerId, rewardId, claim }: RedeemOrder): Reward {
  const reward = books.rewards.get(named(partnerId, rewardId));
  const refusal = () => notFound('reward', rewardId, claim ? undefined : 'reward_id');
  if (!reward) throw new Miss(refusal(), ['catalog']);
  if (reward.isDeleted) throw refusal();
  return reward;
}
