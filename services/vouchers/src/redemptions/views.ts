import type { Sql } from '@punchcard/database';
import type { Candidate, Match } from '../members/rules.ts';
import type { Voucher } from '../vouchers/store.ts';

/** A voucher that is not deleted, by its code at a club. */
export async function findByCode(
  sql: Sql,
  { partnerId, clubId, code }: { partnerId: string; clubId: string; code: string },
): Promise<Voucher | undefined> {
  const [voucher] = await sql<Voucher[]>`
    select partner_id, voucher_id, club_id, code, name, title, description, type, value, currency, min_purchase_minor,
      max_discount_minor, free_product, reward_card_id, valid_from, valid_until, max_uses_total, max_uses_per_member,
      target_tiers, new_members_days, first_order_only, is_active, is_visible_by_default, times_used, batch_id,
      batch_position, version, created_at, updated_at
    from vouchers
    where partner_id = ${partnerId} and code = ${code} and club_id = ${clubId} and deleted_at is null
  `;
  return voucher;
}

/** The members that the candidates may mean. */
export async function findMatches(
  sql: Sql,
  partnerId: string,
  candidates: readonly Candidate[],
): Promise<(Match & { identifier: string })[]> {
  return sql<(Match & { identifier: string })[]>`
    select i.identifier, i.kind, i.member_id, m.registered_at
    from member_identifiers i
    join members m using (partner_id, member_id)
    where i.partner_id = ${partnerId} and i.identifier = any(${candidates.map(({ identifier }) => identifier)}::text[])
  `;
}

export async function countMemberUses(
  sql: Sql,
  { partnerId, voucherId, memberId }: { partnerId: string; voucherId: string; memberId: string },
): Promise<number> {
  const [row] = await sql<{ uses: number }[]>`
    select uses
    from voucher_member_uses
    where partner_id = ${partnerId} and voucher_id = ${voucherId} and member_id = ${memberId}
  `;
  return row?.uses ?? 0;
}

export async function hasClub(sql: Sql, partnerId: string, clubId: string): Promise<boolean> {
  const clubs = await sql`
    select 1 from clubs where partner_id = ${partnerId} and club_id = ${clubId} and not is_deleted
  `;
  return clubs.length > 0;
}

/** A card that is not deleted. */
export async function findCard(sql: Sql, partnerId: string, cardId: string): Promise<{ isHeld: boolean } | undefined> {
  const [card] = await sql<{ isHeld: boolean }[]>`
    select h.hold_id is not null as is_held
    from cards c
    left join card_holds h on h.partner_id = c.partner_id and h.card_id = c.card_id and h.held_until > now()
    where c.partner_id = ${partnerId} and c.card_id = ${cardId} and not c.is_deleted
  `;
  return card;
}
