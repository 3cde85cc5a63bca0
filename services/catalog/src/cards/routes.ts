import { randomInt } from 'node:crypto';
import {
  majorOf,
  newId,
  partnerOf,
  pickTextOrNull,
  reply,
  textsOf,
  translationsOf,
  type Answer,
  type Call,
  type Handlers,
  type createCard as create,
  type deleteCard as remove,
  type getCard as get,
  type listCards as list,
  type updateCard as update,
} from '@punchcard/contracts';
import { findKept, paginate, type Sql } from '@punchcard/database';
import type { Writer } from '@punchcard/messaging';
import { type InternalClient, camelKeys } from '@punchcard/service-kit';
import { changeProgramme } from '../programme/change-programme.ts';
import { askUsage } from './ask-usage.ts';
import { closeCard } from './close-card.ts';
import { createCard } from './create-card.ts';
import { deleteCard } from './delete-card.ts';
import { tellDeleted } from './let-go.ts';
import { identifierOf, type CardFields } from './rules.ts';
import { findCard, type CardKey } from './store.ts';
import { updateCard } from './update-card.ts';
import { getCardView, listCards, type CardView } from './views.ts';

type Endpoints = typeof list | typeof get | typeof create | typeof update | typeof remove;

interface Deps {
  sql: Sql;
  writer: Writer;
  internal: InternalClient;
}

export const cardHandlers = ({ sql, writer, internal }: Deps): Handlers<Endpoints> => ({
  'agent.cards.list': async (call) => {
    const page = paginate(call.query);
    const { club_id: clubId, status, search } = call.query;
    const partnerId = partnerOf(call.caller).id;
    const { cards, total } = await listCards(sql, { partnerId, clubId, status, search, now: call.now }, page);
    return reply(cards.map(cardData(call)), { pagination: page.pagination(total) });
  },

  'agent.cards.get': async (call) => cardData(call)(await getCardView(sql, { ...keyOf(call), now: call.now })),

  'agent.cards.create': (call) => {
    const { now, body } = call;
    const partner = partnerOf(call.caller);
    const key = { partnerId: partner.id, cardId: newId() };
    const {
      club_id: clubId,
      name,
      currency,
      points_per_currency: pointsPerCurrency,
      reward_ids: rewardIds = [],
    } = body;
    const fields = { ...fieldsOf(call), clubId, name, currency, pointsPerCurrency };
    const asked = { ...key, uniqueIdentifier: identifierOf(randomInt(1e12)), fields, now };
    return changeProgramme(writer, call, async (tx) => {
      const { events } = await createCard(tx, { asked, rewardIds, partner });
      return { data: cardData(call)(await getCardView(tx, { ...key, now })), events };
    });
  },

  'agent.cards.update': async (call) => {
    const { caller, now, body } = call;
    const [key, change] = [keyOf(call), fieldsOf(call)];
    const hasTransactions = await askUsage({ sql, internal }, { key, change, call });
    const asked = { key, change, rewardIds: body.reward_ids, hasTransactions, partner: partnerOf(caller), now };
    return changeProgramme(writer, call, async (tx) => {
      const { events } = await updateCard(tx, asked);
      return { data: cardData(call)(await getCardView(tx, { ...key, now })), events };
    });
  },

  'agent.cards.delete': async (call) => {
    const { caller, params, now, idempotency } = call;
    const key = keyOf(call);
    // Closing is for good, so a key that is refused or replayed is found before the ledger is asked. When nothing commits
    // after the closing, a repeat deletes the card, or `endClosings`: the ledger closes a closed one again.
    const kept = idempotency && (await findKept(sql, idempotency));
    const isThere = !kept && (await findCard(sql, key)) !== undefined;
    const closing = isThere ? await closeCard({ sql, internal }, key, call) : null;
    const deleted = await changeProgramme(writer, call, async (tx) => {
      const { events } = await deleteCard(tx, { key, locale: partnerOf(caller).locale, now });
      return { data: { id: params.id, deleted: true as const }, events };
    });
    if (closing) await tellDeleted(internal, { closing, caller });
    return deleted;
  },
});

const keyOf = ({ caller, params }: Call<typeof get> | Call<typeof update> | Call<typeof remove>): CardKey => ({
  partnerId: partnerOf(caller).id,
  cardId: params.id,
});

function fieldsOf({ body, caller, now }: Pick<Call<typeof update>, 'body' | 'caller' | 'now'>): CardFields {
  const { reward_ids: _, head, title, description, issue_date: issueDate, ...rest } = body;
  const { locale } = partnerOf(caller);
  return camelKeys({
    ...rest,
    issue_date: issueDate === null ? now : issueDate,
    head: textsOf(head, locale),
    title: textsOf(title, locale),
    description: textsOf(description, locale),
  });
}

const cardData =
  ({ caller, language }: Pick<Call, 'caller' | 'language'>) =>
  ({ head, title, description, ...card }: CardView): Answer<typeof get> => {
    const reader = { language, locale: partnerOf(caller).locale };
    return {
      id: card.cardId,
      unique_identifier: card.uniqueIdentifier,
      club_id: card.clubId,
      name: card.name,
      head: pickTextOrNull(head, reader),
      title: pickTextOrNull(title, reader),
      description: pickTextOrNull(description, reader),
      issue_date: card.issueDate.toISOString(),
      expiration_date: card.expirationDate?.toISOString() ?? null,
      currency: card.currency,
      currency_unit_amount: majorOf(card.currencyUnitMinor, card.currency),
      points_per_currency: card.pointsPerCurrency,
      round_points_up: card.roundPointsUp,
      min_purchase_amount: card.minPurchaseMinor === null ? null : majorOf(card.minPurchaseMinor, card.currency),
      min_points_per_purchase: card.minPointsPerPurchase,
      max_points_per_purchase: card.maxPointsPerPurchase,
      initial_bonus_points: card.initialBonusPoints,
      points_expiration_months: card.pointsExpirationMonths,
      points_expiration_rounding: card.pointsExpirationRounding,
      pending_days: card.pendingDays,
      reversal_policy: card.reversalPolicy,
      is_active: card.isActive,
      is_visible_by_default: card.isVisibleByDefault,
      bg_color: card.bgColor,
      text_color: card.textColor,
      bg_color_opacity: card.bgColorOpacity,
      bg_image_url: card.bgImageUrl,
      logo_url: card.logoUrl,
      reward_ids: card.rewardIds,
      status: card.status,
      ...translationsOf({ head, title, description }),
      created_at: card.createdAt.toISOString(),
      updated_at: card.updatedAt.toISOString(),
    };
  };
