import { containing, type Page, type Sql } from '@punchcard/database';
import type { StampCard } from './store.ts';

export interface StampCardFilter {
  partnerId: string;
  clubId?: string | undefined;
  isActive?: boolean | undefined;
  search?: string | undefined;
}

/** Stamp cards, newest first. */
export async function listStampCards(sql: Sql, filter: StampCardFilter, { limit, offset }: Page) {
  const { partnerId, clubId, isActive, search } = filter;
  const matches = sql`
    true
    ${clubId === undefined ? sql`` : sql`and club_id = ${clubId}`}
    ${isActive === undefined ? sql`` : sql`and is_active = ${isActive}`}
    ${search === undefined ? sql`` : sql`and search_key like ${containing(search)}`}
  `;
  const [stampCards, counted] = await Promise.all([
    sql<StampCard[]>`
      select ${columns(sql)}
      from stamp_cards
      where partner_id = ${partnerId} and ${matches}
      order by created_at desc, stamp_card_id desc
      limit ${limit}
      offset ${offset}
    `,
    sql<{ total: number }[]>`
      select count(*) as total
      from stamp_cards
      where partner_id = ${partnerId} and ${matches}
    `,
  ]);
  return { stampCards, total: counted[0]!.total };
}

const columns = (sql: Sql) => sql`
  partner_id, stamp_card_id, club_id, name, title, description, reward_title, reward_description, stamps_required,
  stamps_per_purchase, min_purchase_minor, currency, max_stamps_per_transaction, max_stamps_per_day, stamps_expire_days,
  reward_points, reward_card_id, requires_physical_claim, valid_from, valid_until, is_active, is_visible_by_default,
  stamp_icon, bg_color, text_color, created_at, updated_at
`;
