import type { Tx } from '@punchcard/database';
import type { Card } from '../cards/rules.ts';
import type { Reward } from '../redemptions/rules.ts';
import type { Staff } from '../staff/rules.ts';
import { PARTNER_WIDE, type Tier } from '../tiers/rules.ts';
import type { Asked, AskedId } from './asked-rules.ts';
import type { KeptReference } from './rules.ts';

/** A card with the tiers of the ladders that count for it: of its club, and the partner-wide one. */
export type CardRow = Card & { tiers: Tier[] };

/** Cards of which club and partner are known too. */
export async function findCards(tx: Tx, { cards }: Asked): Promise<CardRow[]> {
  return tx<CardRow[]>`
    select
      c.partner_id, c.card_id, c.club_id, c.is_active, clubs.is_active as club_is_active, c.issue_date,
      c.expiration_date, c.currency, c.currency_unit_minor, c.points_per_currency, c.round_points_up,
      c.min_purchase_minor, c.min_points_per_purchase, c.max_points_per_purchase, c.initial_bonus_points,
      c.points_expiration_months, c.points_expiration_rounding, c.pending_days,
      c.is_visible_by_default, c.is_deleted or exists (
        select from closed_cards closed where closed.partner_id = c.partner_id and closed.card_id = c.card_id
      ) as is_gone,
      partners.time_zone, partners.locale,
      (
        select coalesce(json_agg(json_build_object(
          'tierId', t.tier_id, 'scopeId', t.scope_id, 'name', t.name, 'pointsThreshold', t.points_threshold,
          'multiplierBp', t.multiplier_bp, 'redemptionDiscountBp', t.redemption_discount_bp, 'isDefault', t.is_default,
          'isActive', t.is_active and not t.is_deleted, 'isDeleted', t.is_deleted
        )), '[]')
        from tiers t
        where t.partner_id = c.partner_id and t.scope_id in (c.club_id, ${PARTNER_WIDE}::uuid)
      ) as tiers
    from ${ids(tx, cards)}
    join cards c on c.partner_id = q.partner_id and c.card_id = q.id
    join clubs on clubs.partner_id = c.partner_id and clubs.club_id = c.club_id
    join partners on partners.partner_id = c.partner_id
  `;
}

export async function findRewards(tx: Tx, { rewards }: Asked): Promise<Reward[]> {
  return tx<Reward[]>`
    select
      r.partner_id, r.reward_id, r.card_ids, r.name, r.titles, r.points, r.is_active, r.active_from, r.expiration_date,
      r.max_number_to_redeem, r.max_per_member, r.is_deleted
    from ${ids(tx, rewards)}
    join rewards r on r.partner_id = q.partner_id and r.reward_id = q.id
  `;
}

export async function findStaff(tx: Tx, { staff }: Asked): Promise<Staff[]> {
  return tx<Staff[]>`
    select s.partner_id, s.staff_id, s.club_id, s.is_active, s.is_deleted
    from ${ids(tx, staff)}
    join staff s on s.partner_id = q.partner_id and s.staff_id = q.id
  `;
}

type ReferenceRow = KeptReference & Asked['references'][number];

/** One look-up for each, for the reason that `findAllKept` gives. */
export async function findReferences(tx: Tx, { references }: Asked): Promise<ReferenceRow[]> {
  return tx<ReferenceRow[]>`
    select
      e.partner_id, e.kind, e.reference, e.reference_of, e.transaction_id, e.member_id, e.card_id, e.purchase_minor, e.reward_id,
      case when e.kind = 'award' then json_build_object('event', e.event, 'points', e.points) end as award,
      e.answer as data
    from unnest(
      ${references.map(({ partnerId }) => partnerId)}::uuid[],
      ${references.map(({ kind }) => kind)}::text[],
      ${references.map(({ reference }) => reference)}::text[],
      ${references.map((natural) => natural.referenceOf)}::uuid[]
    ) as q (partner_id, kind, reference, reference_of)
    cross join lateral (
      select *
      from entries e
      where e.partner_id = q.partner_id and e.kind = q.kind and e.reference = q.reference
        and e.reference_of = q.reference_of and e.reference is not null
      limit 1
    ) e
  `;
}

const ids = (tx: Tx, asked: readonly AskedId[]) => tx`
  unnest(${asked.map(({ partnerId }) => partnerId)}::uuid[], ${asked.map(({ id }) => id)}::uuid[]) as q (partner_id, id)
`;
