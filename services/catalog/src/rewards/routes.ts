import { camelKeys } from '@punchcard/service-kit';
import {
  newId,
  partnerOf,
  pickTextOrNull,
  reply,
  textsOf,
  translationsOf,
  type Answer,
  type Call,
  type Handlers,
  type createReward as create,
  type deleteReward as remove,
  type getReward as get,
  type listRewards as list,
  type updateReward as update,
} from '@punchcard/contracts';
import { paginate, type Sql } from '@punchcard/database';
import type { Writer } from '@punchcard/messaging';
import { changeProgramme } from '../programme/change-programme.ts';
import { createReward } from './create-reward.ts';
import { deleteReward } from './delete-reward.ts';
import { remainingOf, type RewardFields } from './rules.ts';
import type { RewardKey } from './store.ts';
import { updateReward } from './update-reward.ts';
import { getRewardView, listRewards, type RewardView } from './views.ts';

type Endpoints = typeof list | typeof get | typeof create | typeof update | typeof remove;

export const rewardHandlers = ({ sql, writer }: { sql: Sql; writer: Writer }): Handlers<Endpoints> => ({
  'agent.rewards.list': async (call) => {
    const page = paginate(call.query);
    const { card_id: cardId, is_active: isActive, search } = call.query;
    const partnerId = partnerOf(call.caller).id;
    const { rewards, total } = await listRewards(sql, { partnerId, cardId, isActive, search }, page);
    return reply(rewards.map(rewardData(call)), { pagination: page.pagination(total) });
  },

  'agent.rewards.get': async (call) => rewardData(call)(await getRewardView(sql, keyOf(call))),

  'agent.rewards.create': (call) => {
    const partner = partnerOf(call.caller);
    const key = { partnerId: partner.id, rewardId: newId() };
    const { name, points } = call.body;
    const asked = { ...key, fields: { ...fieldsOf(call), name, points }, now: call.now };
    const cardIds = cardIdsOf(call) ?? [];
    return changeProgramme(writer, call, async (tx) => {
      const { events } = await createReward(tx, { asked, cardIds, partner });
      return { data: rewardData(call)(await getRewardView(tx, key)), events };
    });
  },

  'agent.rewards.update': (call) => {
    const { locale } = partnerOf(call.caller);
    const [key, change, cardIds] = [keyOf(call), fieldsOf(call), cardIdsOf(call)];
    return changeProgramme(writer, call, async (tx) => {
      const { events } = await updateReward(tx, { key, change, cardIds, locale, now: call.now });
      return { data: rewardData(call)(await getRewardView(tx, key)), events };
    });
  },

  'agent.rewards.delete': (call) =>
    changeProgramme(writer, call, async (tx) => {
      const { locale } = partnerOf(call.caller);
      const { events } = await deleteReward(tx, { key: keyOf(call), locale, now: call.now });
      return { data: { id: call.params.id, deleted: true as const }, events };
    }),
});

const keyOf = ({ caller, params }: Call<typeof get> | Call<typeof update> | Call<typeof remove>): RewardKey => ({
  partnerId: partnerOf(caller).id,
  rewardId: params.id,
});

type Writing = Pick<Call<typeof update>, 'body' | 'caller'>;

/** `card_id` is short for `card_ids` of one. */
const cardIdsOf = ({ body }: Writing): string[] | undefined =>
  body.card_id === undefined ? body.card_ids : [body.card_id];

function fieldsOf({ body, caller }: Writing): RewardFields {
  const { card_ids: _, card_id: __, title, description, ...rest } = body;
  const { locale } = partnerOf(caller);
  return camelKeys({ ...rest, title: textsOf(title, locale), description: textsOf(description, locale) });
}

const rewardData =
  ({ caller, language }: Pick<Call, 'caller' | 'language'>) =>
  ({ title, description, ...reward }: RewardView): Answer<typeof get> => {
    const reader = { language, locale: partnerOf(caller).locale };
    return {
      id: reward.rewardId,
      card_ids: reward.cardIds,
      card_id: reward.cardIds[0] ?? null,
      name: reward.name,
      title: pickTextOrNull(title, reader) ?? reward.name,
      description: pickTextOrNull(description, reader),
      points: reward.points,
      is_active: reward.isActive,
      active_from: reward.activeFrom?.toISOString() ?? null,
      expiration_date: reward.expirationDate?.toISOString() ?? null,
      max_number_to_redeem: reward.maxNumberToRedeem,
      max_per_member: reward.maxPerMember,
      reward_type: reward.rewardType,
      images: [...reward.images],
      number_of_times_redeemed: reward.redemptions,
      remaining: remainingOf(reward.maxNumberToRedeem, reward.redemptions),
      ...translationsOf({ title, description }),
      created_at: reward.createdAt.toISOString(),
      updated_at: reward.updatedAt.toISOString(),
    };
  };
