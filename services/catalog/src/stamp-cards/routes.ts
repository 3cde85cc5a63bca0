import {
  closeStampCard,
  majorOf,
  newId,
  partnerOf,
  pickText,
  pickTextOrNull,
  reply,
  textsOf,
  translationsOf,
  type Answer,
  type Call,
  type Handlers,
  type createStampCard as create,
  type deleteStampCard as remove,
  type getStampCard as get,
  type listStampCards as list,
  type updateStampCard as update,
} from '@punchcard/contracts';
import { findKept, paginate, type Sql } from '@punchcard/database';
import type { Writer } from '@punchcard/messaging';
import { type InternalClient, camelKeys } from '@punchcard/service-kit';
import { changeProgramme } from '../programme/change-programme.ts';
import { createStampCard } from './create-stamp-card.ts';
import { deleteStampCard } from './delete-stamp-card.ts';
import type { StampCardFields } from './rules.ts';
import { findStampCard, getStampCard, type StampCard, type StampCardKey } from './store.ts';
import { updateStampCard } from './update-stamp-card.ts';
import { listStampCards } from './views.ts';

type Endpoints = typeof list | typeof get | typeof create | typeof update | typeof remove;

interface Deps {
  sql: Sql;
  writer: Writer;
  internal: InternalClient;
}

export const stampCardHandlers = ({ sql, writer, internal }: Deps): Handlers<Endpoints> => ({
  'agent.stamp_cards.list': async (call) => {
    const page = paginate(call.query);
    const { club_id: clubId, is_active: isActive, search } = call.query;
    const partnerId = partnerOf(call.caller).id;
    const { stampCards, total } = await listStampCards(sql, { partnerId, clubId, isActive, search }, page);
    return reply(stampCards.map(stampCardData(call)), { pagination: page.pagination(total) });
  },

  'agent.stamp_cards.get': async (call) => stampCardData(call)(await getStampCard(sql, keyOf(call))),

  'agent.stamp_cards.create': (call) => {
    const { body, caller, now } = call;
    const { id: partnerId, currency, locale, gates } = partnerOf(caller);
    const { club_id: clubId, name, stamps_required: stampsRequired } = body;
    const fields = { ...fieldsOf(call), clubId, name, stampsRequired, title: textsOf(body.title, locale) };
    const asked = { partnerId, stampCardId: newId(), fields, currency, now };
    return changeProgramme(writer, call, async (tx) => {
      const { stampCard, events } = await createStampCard(tx, { asked, gates });
      return { data: stampCardData(call)(stampCard), events };
    });
  },

  'agent.stamp_cards.update': (call) =>
    changeProgramme(writer, call, async (tx) => {
      const { stampCard, events } = await updateStampCard(tx, {
        ...{ key: keyOf(call), change: fieldsOf(call), now: call.now },
      });
      return { data: stampCardData(call)(stampCard), events };
    }),

  'agent.stamp_cards.delete': async (call) => {
    const { caller, marks, params, idempotency } = call;
    const key = keyOf(call);
    // As with cards: closing is for good and repeatable, so a replay is found before, and a repeat finishes what was begun.
    const kept = idempotency && (await findKept(sql, idempotency));
    if (!kept && (await findStampCard(sql, key))) await internal.call(closeStampCard, { params, caller, marks });
    return changeProgramme(writer, call, async (tx) => {
      const { events } = await deleteStampCard(tx, key);
      return { data: { id: params.id, deleted: true as const }, events };
    });
  },
});

const keyOf = ({ caller, params }: Call<typeof get> | Call<typeof update> | Call<typeof remove>): StampCardKey => ({
  partnerId: partnerOf(caller).id,
  stampCardId: params.id,
});

function fieldsOf({ body, caller }: Pick<Call<typeof update>, 'body' | 'caller'>): StampCardFields {
  const { locale } = partnerOf(caller);
  return camelKeys({
    ...body,
    title: textsOf(body.title, locale),
    description: textsOf(body.description, locale),
    reward_title: textsOf(body.reward_title, locale),
    reward_description: textsOf(body.reward_description, locale),
  });
}

const stampCardData =
  ({ caller, language }: Pick<Call, 'caller' | 'language'>) =>
  ({ title, description, rewardTitle, rewardDescription, ...card }: StampCard): Answer<typeof get> => {
    const reader = { language, locale: partnerOf(caller).locale };
    return {
      id: card.stampCardId,
      club_id: card.clubId,
      name: card.name,
      title: pickText(title, reader),
      description: pickTextOrNull(description, reader),
      reward_title: pickTextOrNull(rewardTitle, reader),
      reward_description: pickTextOrNull(rewardDescription, reader),
      stamps_required: card.stampsRequired,
      stamps_per_purchase: card.stampsPerPurchase,
      min_purchase_amount: card.minPurchaseMinor === null ? null : majorOf(card.minPurchaseMinor, card.currency),
      currency: card.currency,
      max_stamps_per_transaction: card.maxStampsPerTransaction,
      max_stamps_per_day: card.maxStampsPerDay,
      stamps_expire_days: card.stampsExpireDays,
      reward_points: card.rewardPoints,
      reward_card_id: card.rewardCardId,
      requires_physical_claim: card.requiresPhysicalClaim,
      valid_from: card.validFrom?.toISOString() ?? null,
      valid_until: card.validUntil?.toISOString() ?? null,
      is_active: card.isActive,
      is_visible_by_default: card.isVisibleByDefault,
      stamp_icon: card.stampIcon,
      bg_color: card.bgColor,
      text_color: card.textColor,
      ...translationsOf({
        ...{ title, description },
        ...{ reward_title: rewardTitle, reward_description: rewardDescription },
      }),
      created_at: card.createdAt.toISOString(),
      updated_at: card.updatedAt.toISOString(),
    };
  };
