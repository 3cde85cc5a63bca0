import { notFound } from '@punchcard/contracts';
import { containing, type Db, type Page, type Sql } from '@punchcard/database';
import type { Card, CardKey } from './store.ts';

export type CardStatus = 'active' | 'inactive' | 'scheduled' | 'expired';

export interface CardView extends Card {
  status: CardStatus;
  rewardIds: string[];
}

export interface CardFilter {
  partnerId: string;
  clubId?: string | undefined;
  status?: CardStatus | undefined;
  search?: string | undefined;
  now: Date;
}

/** A card as it is shown at an instant, or 404. */
export async function getCardView(sql: Db, { partnerId, cardId, now }: CardKey & { now: Date }): Promise<CardView> {
  const [card] = await sql<CardView[]>`
    select ${cardColumns(sql, now)}
    from cards c
    where partner_id = ${partnerId} and card_id = ${cardId}
  `;
  if (!card) throw notFound('card', cardId);
  return card;
}

/** Cards, newest first. */
export async function listCards(sql: Sql, filter: CardFilter, { limit, offset }: Page) {
  const { partnerId, clubId, status, search, now } = filter;
  const matches = sql`
    true
    ${clubId === undefined ? sql`` : sql`and club_id = ${clubId}`}
    ${status === undefined ? sql`` : sql`and ${statusAt(sql, now)} = ${status}`}
    ${search === undefined ? sql`` : sql`and search_key like ${containing(search)}`}
  `;
  const [cards, counted] = await Promise.all([
    sql<CardView[]>`
      select ${cardColumns(sql, now)}
      from cards c
      where partner_id = ${partnerId} and ${matches}
      order by created_at desc, card_id desc
      limit ${limit}
      offset ${offset}
    `,
    sql<{ total: number }[]>`
      select count(*) as total
      from cards
      where partner_id = ${partnerId} and ${matches}
    `,
  ]);
  return { cards, total: counted[0]!.total };
}

/** Only shown, and here only: what a card earns at an instant is the ledger's to decide, by the fields themselves. */
export const statusAt = (sql: Db, now: Date) => sql`
  case
    when not is_active then 'inactive'
    when expiration_date <= ${now} then 'expired'
    when issue_date > ${now} then 'scheduled'
    else 'active'
  end
`;

export const cardColumns = (sql: Db, now: Date) => sql`
  partner_id, card_id, club_id, unique_identifier, name, head, title, description, issue_date, expiration_date, currency,
  currency_unit_minor, points_per_currency, round_points_up, min_purchase_minor, min_points_per_purchase,
  max_points_per_purchase, initial_bonus_points, points_expiration_months, points_expiration_rounding, pending_days,
  reversal_policy, is_active, is_visible_by_default, bg_color, text_color, bg_color_opacity, bg_image_url, logo_url,
  created_at, updated_at,
  ${statusAt(sql, now)} as status,
  array(
    select l.reward_id
    from card_rewards l
    where l.partner_id = c.partner_id and l.card_id = c.card_id
    order by l.reward_position, l.reward_id
  ) as reward_ids
`;
