import {
  majorOf,
  notFound,
  partnerOf,
  pickTextOrNull,
  reply,
  translationsOf,
  type Answer,
  type Call,
  type getMyCard,
  type getMyReward,
  type Handlers,
  type listMyCards,
  type listMyRewards,
} from '@punchcard/contracts';
import { paginate, type Sql } from '@punchcard/database';
import type { InternalClient } from '@punchcard/service-kit';
import { getCardView, type CardView } from '../cards/views.ts';
import { remainingOf } from '../rewards/rules.ts';
import type { RewardView } from '../rewards/views.ts';
import { askUsedCards } from './ask-used-cards.ts';
import { isOpenToAll } from './rules.ts';
import { listSeenCards, listSeenRewards, type Eyes } from './views.ts';

type Endpoints = typeof listMyCards | typeof getMyCard | typeof listMyRewards | typeof getMyReward;
type Calling = Pick<Call, 'caller' | 'language' | 'marks' | 'now'>;

export const memberHandlers = ({ sql, internal }: { sql: Sql; internal: InternalClient }): Handlers<Endpoints> => {
  const eyesOf = async (call: Calling): Promise<Eyes> => ({
    partnerId: partnerOf(call.caller).id,
    usedCardIds: await askUsedCards(internal, call),
    now: call.now,
  });

  return {
    'agent.member.cards.list': async (call) => {
      const page = paginate(call.query);
      const { cards, total } = await listSeenCards(sql, { ...(await eyesOf(call)), status: call.query.status }, page);
      return reply(cards.map(cardData(call)), { pagination: page.pagination(total) });
    },

    'agent.member.cards.get': async (call) => {
      const { id: cardId } = call.params;
      const card = await getCardView(sql, { partnerId: partnerOf(call.caller).id, cardId, now: call.now });
      const isSeen = isOpenToAll(card) || (await askUsedCards(internal, call)).includes(card.cardId);
      if (!isSeen) throw notFound('card', cardId);
      return cardData(call)(card);
    },

    'agent.member.rewards.list': async (call) => {
      const page = paginate(call.query);
      const { rewards, total } = await listSeenRewards(
        sql,
        { ...(await eyesOf(call)), cardId: call.query.card_id },
        page,
      );
      return reply(rewards.map(rewardData(call)), { pagination: page.pagination(total) });
    },

    'agent.member.rewards.get': async (call) => {
      const { id: rewardId } = call.params;
      const { rewards } = await listSeenRewards(
        sql,
        { ...(await eyesOf(call)), rewardId },
        paginate({ page: 1, per_page: 1 }),
      );
      const [reward] = rewards;
      if (!reward) throw notFound('reward', rewardId);
      return rewardData(call)(reward);
    },
  };
};

const cardData =
  ({ caller, language }: Calling) =>
  ({ head, title, description, ...card }: CardView): Answer<typeof getMyCard> => {
    const reader = { language, locale: partnerOf(caller).locale };
    return {
      id: card.cardId,
      unique_identifier: card.uniqueIdentifier,
      title: pickTextOrNull(title, reader) ?? card.name,
      head: pickTextOrNull(head, reader),
      description: pickTextOrNull(description, reader),
      currency: card.currency,
      currency_unit_amount: majorOf(card.currencyUnitMinor, card.currency),
      points_per_currency: card.pointsPerCurrency,
      min_purchase_amount: card.minPurchaseMinor === null ? null : majorOf(card.minPurchaseMinor, card.currency),
      initial_bonus_points: card.initialBonusPoints,
      points_expiration_months: card.pointsExpirationMonths,
      status: card.status,
      issue_date: card.issueDate.toISOString(),
      expiration_date: card.expirationDate?.toISOString() ?? null,
      bg_color: card.bgColor,
      text_color: card.textColor,
      bg_color_opacity: card.bgColorOpacity,
      bg_image_url: card.bgImageUrl,
      logo_url: card.logoUrl,
      ...translationsOf({ head, title, description }),
    };
  };

const rewardData =
  ({ caller, language }: Calling) =>
  ({ title, description, ...reward }: RewardView): Answer<typeof getMyReward> => {
    const reader = { language, locale: partnerOf(caller).locale };
    return {
      id: reward.rewardId,
      title: pickTextOrNull(title, reader) ?? reward.name,
      description: pickTextOrNull(description, reader),
      points: reward.points,
      card_ids: reward.cardIds,
      images: [...reward.images],
      expiration_date: reward.expirationDate?.toISOString() ?? null,
      remaining: remainingOf(reward.maxNumberToRedeem, reward.redemptions),
      max_per_member: reward.maxPerMember,
      ...translationsOf({ title, description }),
    };
  };
