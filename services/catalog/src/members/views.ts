import type { Db, Page, Sql } from '@punchcard/database';
import { cardColumns, statusAt, type CardStatus, type CardView } from '../cards/views.ts';
import { rewardColumns, type RewardView } from '../rewards/views.ts';

/** Whose eyes: cards for everybody, and those that the member has used. */
export interface Eyes {
  partnerId: string;
  usedCardIds: readonly string[];
  now: Date;
}

/** Cards that a member sees, newest first. */
export async function listSeenCards(
  sql: Sql,
  { status, ...eyes }: Eyes & { status?: CardStatus | undefined },
  { limit, offset }: Page,
) {
  const { partnerId, now } = eyes;
  const matches = sql`
    ${isSeen(sql, eyes)}
    ${status === undefined ? sql`` : sql`and ${statusAt(sql, now)} = ${status}`}
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
      from cards c
      where partner_id = ${partnerId} and ${matches}
    `,
  ]);
  return { cards, total: counted[0]!.total };
}

export interface RewardFilter extends Eyes {
  rewardId?: string | undefined;
  cardId?: string | undefined;
}

/** Active rewards within their dates that are on cards which the member sees, newest first; of their cards only such. */
export async function listSeenRewards(sql: Sql, filter: RewardFilter, { limit, offset }: Page) {
  const { partnerId, rewardId, cardId, now } = filter;
  const seenCards = sql`
    seen as materialized (
      select card_id
      from cards c
      where partner_id = ${partnerId} and ${isSeen(sql, filter)}
    )
  `;
  const matches = sql`
    r.is_active
    and (r.active_from is null or r.active_from <= ${now})
    and (r.expiration_date is null or r.expiration_date > ${now})
    ${rewardId === undefined ? sql`` : sql`and r.reward_id = ${rewardId}`}
    and exists (
      select 1
      from card_rewards l
      join seen using (card_id)
      where l.partner_id = r.partner_id and l.reward_id = r.reward_id
        ${cardId === undefined ? sql`` : sql`and l.card_id = ${cardId}`}
    )
  `;
  const [rewards, counted] = await Promise.all([
    sql<RewardView[]>`
      with ${seenCards}
      select ${rewardColumns(sql)},
        array(
          select l.card_id
          from card_rewards l
          join seen using (card_id)
          where l.partner_id = r.partner_id and l.reward_id = r.reward_id
          order by l.card_position, l.card_id
        ) as card_ids
      from rewards r
      left join reward_usage using (partner_id, reward_id)
      where partner_id = ${partnerId} and ${matches}
      order by created_at desc, reward_id desc
      limit ${limit}
      offset ${offset}
    `,
    sql<{ total: number }[]>`
      with ${seenCards}
      select count(*) as total
      from rewards r
      where partner_id = ${partnerId} and ${matches}
    `,
  ]);
  return { rewards, total: counted[0]!.total };
}

/** Active and expired ones that are visible by default, and whatever the member has used. */
const isSeen = (sql: Db, { usedCardIds, now }: Eyes) => sql`
  (
    (c.is_visible_by_default and c.is_active and c.issue_date <= ${now})
    or c.card_id = any(${[...usedCardIds]}::uuid[])
  )
`;
