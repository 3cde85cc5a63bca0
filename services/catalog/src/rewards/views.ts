import { notFound } from '@punchcard/contracts';
import { containing, type Db, type Page, type Sql } from '@punchcard/database';
import type { LinkedReward, RewardKey } from './store.ts';

export interface RewardView extends LinkedReward {
  /** As the ledger's events told so far. */
  redemptions: number;
}

export interface RewardFilter {
  partnerId: string;
  cardId?: string | undefined;
  isActive?: boolean | undefined;
  search?: string | undefined;
}

/** A reward, or 404. */
export async function getRewardView(sql: Db, { partnerId, rewardId }: RewardKey): Promise<RewardView> {
  const [reward] = await sql<RewardView[]>`
    select ${columns(sql)}
    from rewards r
    left join reward_usage using (partner_id, reward_id)
    where partner_id = ${partnerId} and reward_id = ${rewardId}
  `;
  if (!reward) throw notFound('reward', rewardId);
  return reward;
}

/** Rewards, newest first. */
export async function listRewards(sql: Sql, filter: RewardFilter, { limit, offset }: Page) {
  const { partnerId, cardId, isActive, search } = filter;
  const matches = sql`
    true
    ${cardId === undefined ? sql`` : isOnCard(sql, cardId)}
    ${isActive === undefined ? sql`` : sql`and is_active = ${isActive}`}
    ${search === undefined ? sql`` : sql`and search_key like ${containing(search)}`}
  `;
  const [rewards, counted] = await Promise.all([
    sql<RewardView[]>`
      select ${columns(sql)}
      from rewards r
      left join reward_usage using (partner_id, reward_id)
      where partner_id = ${partnerId} and ${matches}
      order by created_at desc, reward_id desc
      limit ${limit}
      offset ${offset}
    `,
    sql<{ total: number }[]>`
      select count(*) as total
      from rewards r
      where partner_id = ${partnerId} and ${matches}
    `,
  ]);
  return { rewards, total: counted[0]!.total };
}

const isOnCard = (sql: Sql, cardId: string) => sql`
  and exists (
    select 1
    from card_rewards l
    where l.partner_id = r.partner_id and l.reward_id = r.reward_id and l.card_id = ${cardId}
  )
`;

/** Of `rewards r` and `reward_usage`. */
export const rewardColumns = (sql: Db) => sql`
  partner_id, reward_id, name, title, description, points, is_active, active_from, expiration_date, max_number_to_redeem,
  max_per_member, reward_type, images, created_at, updated_at,
  coalesce(redemptions, 0) as redemptions
`;

const columns = (sql: Db) => sql`
  ${rewardColumns(sql)},
  array(
    select l.card_id
    from card_rewards l
    where l.partner_id = r.partner_id and l.reward_id = r.reward_id
    order by l.card_position, l.card_id
  ) as card_ids
`;
