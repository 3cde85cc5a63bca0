import type { Page, Sql } from '@punchcard/database';
import type { Voucher } from '../vouchers/store.ts';

export interface MyVoucher extends Voucher {
  /** By this member, so far. */
  uses: number;
}

export interface MemberQuestion {
  partnerId: string;
  memberId: string;
  now: Date;
}

export interface StandingFilter {
  tierIds: readonly string[];
  hasPurchased: boolean;
}

export async function findRegisteredAt(sql: Sql, { partnerId, memberId }: MemberQuestion): Promise<Date | undefined> {
  const [member] = await sql<{ registeredAt: Date }[]>`
    select registered_at
    from members
    where partner_id = ${partnerId} and member_id = ${memberId} and not is_anonymised
  `;
  return member?.registeredAt;
}

/** Whether any of the vouchers that the member may see depends on where the member stands. */
export async function dependsOnStanding(sql: Sql, question: MemberQuestion & { registeredAt: Date }): Promise<boolean> {
  const found = await sql`
    select 1
    from vouchers v
    left join voucher_member_uses u
      on u.partner_id = v.partner_id and u.voucher_id = v.voucher_id and u.member_id = ${question.memberId}
    where v.partner_id = ${question.partnerId} and ${redeemable(sql, question)}
      and (cardinality(target_tiers) > 0 or first_order_only)
    limit 1
  `;
  return found.length > 0;
}

/**
 * What the member could redeem now, newest first, given an order that is large enough; what a redemption decides by its rules
 * (`redemptions/rules.ts`) is only shown here. Not codes of batches: those are handed out one by one.
 */
export async function listMyVouchers(
  sql: Sql,
  { standing, ...question }: MemberQuestion & { registeredAt: Date; standing: StandingFilter },
  { limit, offset }: Page,
) {
  const { partnerId, memberId } = question;
  const matches = sql`
    ${redeemable(sql, question)}
    and (cardinality(target_tiers) = 0 or target_tiers && ${[...standing.tierIds]}::uuid[])
    and (not first_order_only or not ${standing.hasPurchased}::boolean)
  `;
  const [vouchers, counted] = await Promise.all([
    sql<MyVoucher[]>`
      select v.partner_id, v.voucher_id, club_id, code, name, title, description, type, value, currency, min_purchase_minor,
        max_discount_minor, free_product, reward_card_id, valid_from, valid_until, max_uses_total, max_uses_per_member,
        target_tiers, new_members_days, first_order_only, is_active, is_visible_by_default, times_used, batch_id,
        batch_position, version, created_at, updated_at, coalesce(u.uses, 0) as uses
      from vouchers v
      left join voucher_member_uses u
        on u.partner_id = v.partner_id and u.voucher_id = v.voucher_id and u.member_id = ${memberId}
      where v.partner_id = ${partnerId} and ${matches}
      order by created_at desc, v.voucher_id desc
      limit ${limit}
      offset ${offset}
    `,
    sql<{ total: number }[]>`
      select count(*) as total
      from vouchers v
      left join voucher_member_uses u
        on u.partner_id = v.partner_id and u.voucher_id = v.voucher_id and u.member_id = ${memberId}
      where v.partner_id = ${partnerId} and ${matches}
    `,
  ]);
  return { vouchers, total: counted[0]!.total };
}

type Redeemable = Pick<MemberQuestion, 'partnerId' | 'now'> & { registeredAt: Date };

/** Of `vouchers v`. Cards by the partner's id itself: hashed, they would else be those of all partners. */
const redeemable = (sql: Sql, { partnerId, registeredAt, now }: Redeemable) => sql`
  deleted_at is null and batch_id is null
    and is_visible_by_default and is_active
    and (valid_from is null or valid_from <= ${now})
    and (valid_until is null or valid_until > ${now})
    and (max_uses_total is null or times_used < max_uses_total)
    and (max_uses_per_member is null or coalesce(u.uses, 0) < max_uses_per_member)
    and (new_members_days is null or ${now}::timestamptz - ${registeredAt}::timestamptz <= new_members_days * interval '24 hours')
    and (reward_card_id is null or exists (
      select 1
      from cards c
      where c.partner_id = ${partnerId} and c.card_id = v.reward_card_id and not c.is_deleted
    ))
`;
