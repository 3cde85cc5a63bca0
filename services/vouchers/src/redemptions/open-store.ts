import type { Tx } from '@punchcard/database';
import type { MatchedBy } from '../members/rules.ts';
import type { LockedVoucher, Order, RedeemData } from './batch-rules.ts';

/** What the orders of a batch name. */
export type Asked = readonly Order[];

/** The locks of a batch, in one order for all processes. A statement of its own: others see what was committed before. */
export async function lockVouchers(tx: Tx, orders: Asked): Promise<LockedVoucher[]> {
  return tx<LockedVoucher[]>`
    select v.partner_id, v.voucher_id, v.club_id, v.code, v.name, v.title, v.description, v.type, v.value, v.currency,
      v.min_purchase_minor, v.max_discount_minor, v.free_product, v.reward_card_id, v.valid_from, v.valid_until,
      v.max_uses_total, v.max_uses_per_member, v.target_tiers, v.new_members_days, v.first_order_only, v.is_active,
      v.is_visible_by_default, v.times_used, v.batch_id, v.batch_position, v.version, v.created_at, v.updated_at,
      v.deleted_at is not null as is_deleted
    from (select distinct partner_id, voucher_id from ${vouchers(tx, orders)}) q
    join vouchers v using (partner_id, voucher_id)
    order by v.partner_id, v.voucher_id
    for update of v
  `;
}

export interface MatchRow {
  partnerId: string;
  voucherId: string;
  identifier: string;
  kind: MatchedBy;
  memberId: string;
  registeredAt: Date;
  /** Of the voucher, by the member, so far. */
  uses: number;
}

/**
 * Who may be meant for a voucher, each with their uses of it. One statement: read later, the uses of a member whose identifiers
 * changed in between would be missing. The vouchers' locks keep uses as they are.
 */
export async function findMatches(tx: Tx, orders: Asked): Promise<MatchRow[]> {
  const asked = orders.flatMap(({ partnerId, voucherId, candidates }) =>
    candidates.map(({ identifier }) => ({ partnerId, voucherId, identifier })),
  );
  return tx<MatchRow[]>`
    select distinct q.partner_id, q.voucher_id, i.identifier, i.kind, i.member_id, m.registered_at, coalesce(u.uses, 0) as uses
    from unnest(
      ${asked.map(({ partnerId }) => partnerId)}::uuid[],
      ${asked.map(({ voucherId }) => voucherId)}::uuid[],
      ${asked.map(({ identifier }) => identifier)}::text[]
    ) as q (partner_id, voucher_id, identifier)
    join member_identifiers i using (partner_id, identifier)
    join members m on m.partner_id = i.partner_id and m.member_id = i.member_id
    left join voucher_member_uses u
      on u.partner_id = q.partner_id and u.voucher_id = q.voucher_id and u.member_id = i.member_id
  `;
}

export interface StaffRow {
  partnerId: string;
  staffId: string;
  clubId: string;
  isActive: boolean;
}

export async function findStaff(tx: Tx, orders: Asked): Promise<StaffRow[]> {
  const asked = orders.filter(({ staffId }) => staffId !== null);
  return tx<StaffRow[]>`
    select s.partner_id, s.staff_id, s.club_id, s.is_active
    from unnest(
      ${asked.map(({ partnerId }) => partnerId)}::uuid[],
      ${asked.map(({ staffId }) => staffId)}::uuid[]
    ) as q (partner_id, staff_id)
    join staff s using (partner_id, staff_id)
  `;
}

export interface CardRow {
  partnerId: string;
  cardId: string;
  /** The catalog is about to delete it. */
  isHeld: boolean;
}

/** Cards on which the vouchers give points, of those that are not deleted. */
export async function findCards(tx: Tx, orders: Asked): Promise<CardRow[]> {
  return tx<CardRow[]>`
    select c.partner_id, c.card_id, h.hold_id is not null as is_held
    from ${vouchers(tx, orders)}
    join vouchers v using (partner_id, voucher_id)
    join cards c on c.partner_id = v.partner_id and c.card_id = v.reward_card_id
    left join card_holds h on h.partner_id = c.partner_id and h.card_id = c.card_id and h.held_until > now()
    where not c.is_deleted
  `;
}

export interface ReferenceRow {
  partnerId: string;
  voucherId: string;
  orderReference: string;
  redemptionId: string;
  memberId: string;
  orderMinor: number | null;
  data: RedeemData;
}

export async function findReferences(tx: Tx, orders: Asked): Promise<ReferenceRow[]> {
  const asked = orders.filter(({ orderReference }) => orderReference !== null);
  return tx<ReferenceRow[]>`
    select r.partner_id, r.voucher_id, r.order_reference, r.redemption_id, r.member_id, r.order_minor, r.answer as data
    from unnest(
      ${asked.map(({ partnerId }) => partnerId)}::uuid[],
      ${asked.map(({ voucherId }) => voucherId)}::uuid[],
      ${asked.map(({ orderReference }) => orderReference)}::text[]
    ) as q (partner_id, voucher_id, order_reference)
    cross join lateral (
      select *
      from redemptions r
      where r.partner_id = q.partner_id and r.voucher_id = q.voucher_id and r.order_reference = q.order_reference
        and r.order_reference is not null
      limit 1
    ) r
  `;
}

const vouchers = (tx: Tx, orders: Asked) => tx`
  unnest(
    ${orders.map(({ partnerId }) => partnerId)}::uuid[],
    ${orders.map(({ voucherId }) => voucherId)}::uuid[]
  ) as q (partner_id, voucher_id)
`;
