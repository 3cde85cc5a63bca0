import {
  AppError,
  atScale,
  newId,
  partnerOf,
  pickTextOrNull,
  reply,
  textsOf,
  translationsOf,
  type Answer,
  type Call,
  type Handlers,
  type createTier as create,
  type deleteTier as remove,
  type getTier as get,
  type listTiers as list,
  type updateTier as update,
} from '@punchcard/contracts';
import { findKept, paginate, type Sql } from '@punchcard/database';
import type { Writer } from '@punchcard/messaging';
import { type InternalClient, camelKeys } from '@punchcard/service-kit';
import { changeProgramme } from '../programme/change-programme.ts';
import { createTier } from './create-tier.ts';
import { deleteTier } from './delete-tier.ts';
import { holdTargets } from './hold-targets.ts';
import type { TierFields } from './rules.ts';
import { findTier, type TierKey } from './store.ts';
import { updateTier } from './update-tier.ts';
import { getTierView, listTiers, type TierView } from './views.ts';

type Endpoints = typeof list | typeof get | typeof create | typeof update | typeof remove;

interface Deps {
  sql: Sql;
  writer: Writer;
  internal: InternalClient;
}

export const tierHandlers = ({ sql, writer, internal }: Deps): Handlers<Endpoints> => ({
  'agent.tiers.list': async (call) => {
    const page = paginate(call.query);
    const { club_id: ladder } = call.query;
    const clubId = ladder === 'none' ? null : ladder;
    const { tiers, total } = await listTiers(sql, { partnerId: partnerOf(call.caller).id, clubId }, page);
    return reply(tiers.map(tierData(call)), { pagination: page.pagination(total) });
  },

  'agent.tiers.get': async (call) => tierData(call)(await getTierView(sql, keyOf(call))),

  'agent.tiers.create': (call) => {
    const key = { partnerId: partnerOf(call.caller).id, tierId: newId() };
    const { name, points_threshold: pointsThreshold, club_id: clubId = null } = call.body;
    const fields = { ...fieldsOf(call), name, pointsThreshold };
    return changeProgramme(writer, call, async (tx) => {
      const { events } = await createTier(tx, { made: { ...key, clubId, now: call.now }, fields });
      return { data: tierData(call)(await getTierView(tx, key)), events };
    });
  },

  'agent.tiers.update': (call) => {
    const { club_id: clubId } = call.body;
    return changeProgramme(writer, call, async (tx) => {
      const { events } = await updateTier(tx, { key: keyOf(call), change: fieldsOf(call), clubId, now: call.now });
      return { data: tierData(call)(await getTierView(tx, keyOf(call))), events };
    });
  },

  'agent.tiers.delete': async (call) => {
    const { params, caller, idempotency } = call;
    const key = keyOf(call);
    // A key that is refused or replayed, and a tier that is not there, are found before vouchers is asked.
    const kept = idempotency && (await findKept(sql, idempotency));
    const targets = !kept && (await findTier(sql, key)) ? await holdTargets(internal, { params, caller }) : null;
    try {
      const deleted = await changeProgramme(writer, call, async (tx) => {
        const { events } = await deleteTier(tx, { key, vouchers: targets?.vouchers ?? 0 });
        return { data: { id: params.id, deleted: true as const }, events };
      });
      await targets?.release({ isDeleted: true });
      return deleted;
    } catch (thrown) {
      // After anything else the tier may be deleted, by this call or by another.
      if (thrown instanceof AppError && thrown.code === 'CONFLICT') await targets?.release({ isDeleted: false });
      throw thrown;
    }
  },
});

const keyOf = ({ caller, params }: Call<typeof get> | Call<typeof update> | Call<typeof remove>): TierKey => ({
  partnerId: partnerOf(caller).id,
  tierId: params.id,
});

/** Rates become basis points: 1.25 is 12 500, 12.5 percent is 1 250. */
function fieldsOf({ body, caller }: Pick<Call<typeof update>, 'body' | 'caller'>): TierFields {
  const { club_id: _, display_name, description, points_multiplier, redemption_discount, ...rest } = body;
  const { locale } = partnerOf(caller);
  return camelKeys({
    ...rest,
    display_name: textsOf(display_name, locale),
    description: textsOf(description, locale),
    multiplier_bp: points_multiplier && Number(atScale(points_multiplier, 4)),
    redemption_discount_bp: redemption_discount && Number(atScale(redemption_discount, 2)),
  });
}

const tierData =
  ({ caller, language }: Pick<Call, 'caller' | 'language'>) =>
  ({ displayName, description, ...tier }: TierView): Answer<typeof get> => {
    const reader = { language, locale: partnerOf(caller).locale };
    return {
      id: tier.tierId,
      club_id: tier.clubId,
      name: tier.name,
      display_name: pickTextOrNull(displayName, reader) ?? tier.name,
      description: pickTextOrNull(description, reader),
      level: tier.level,
      points_threshold: tier.pointsThreshold,
      points_multiplier: tier.multiplierBp / 10_000,
      redemption_discount: tier.redemptionDiscountBp / 100,
      icon: tier.icon,
      color: tier.color,
      is_default: tier.isDefault,
      is_active: tier.isActive,
      members_count: tier.members,
      ...translationsOf({ display_name: displayName, description }),
      created_at: tier.createdAt.toISOString(),
      updated_at: tier.updatedAt.toISOString(),
    };
  };
