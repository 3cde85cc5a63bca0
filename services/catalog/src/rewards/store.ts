import { foldCase, notFound, type Texts } from '@punchcard/contracts';
import type { Tx } from '@punchcard/database';

export interface RewardKey {
  partnerId: string;
  rewardId: string;
}

/** What members save up for. */
export interface Reward extends RewardKey {
  name: string;
  title: Texts | null;
  description: Texts | null;
  points: number;
  isActive: boolean;
  activeFrom: Date | null;
  expirationDate: Date | null;
  maxNumberToRedeem: number | null;
  maxPerMember: number | null;
  rewardType: 'product' | 'discount' | 'service' | 'other';
  images: readonly string[];
  createdAt: Date;
  updatedAt: Date;
}

/** A reward with the cards on which it can be redeemed, in their order. */
export interface LinkedReward extends Reward {
  cardIds: string[];
}

/** A reward, or 404. */
export async function getReward(tx: Tx, { partnerId, rewardId }: RewardKey): Promise<Reward> {
  const [reward] = await tx<Reward[]>`
    select ${columns(tx)}
    from rewards
    where partner_id = ${partnerId} and reward_id = ${rewardId}
  `;
  if (!reward) throw notFound('reward', rewardId);
  return reward;
}

export async function listLinkedRewards(
  tx: Tx,
  { partnerId, rewardIds }: { partnerId: string; rewardIds: readonly string[] },
): Promise<LinkedReward[]> {
  return tx<LinkedReward[]>`
    select ${columns(tx)},
      array(
        select l.card_id
        from card_rewards l
        where l.partner_id = r.partner_id and l.reward_id = r.reward_id
        order by l.card_position, l.card_id
      ) as card_ids
    from rewards r
    where partner_id = ${partnerId} and reward_id = any(${[...rewardIds]}::uuid[])
    order by reward_id
  `;
}

/** Which of these rewards the partner has. */
export async function findRewardIds(
  tx: Tx,
  { partnerId, rewardIds }: { partnerId: string; rewardIds: readonly string[] },
): Promise<Set<string>> {
  const rewards = await tx<RewardKey[]>`
    select reward_id
    from rewards
    where partner_id = ${partnerId} and reward_id = any(${[...rewardIds]}::uuid[])
  `;
  return new Set(rewards.map(({ rewardId }) => rewardId));
}

export async function countRewards(tx: Tx, partnerId: string): Promise<number> {
  const [counted] = await tx<{ count: number }[]>`
    select count(*) as count
    from rewards
    where partner_id = ${partnerId}
  `;
  return counted!.count;
}

export async function insertReward(tx: Tx, reward: Reward): Promise<void> {
  await tx`insert into rewards ${tx(row(tx, reward))}`;
}

export async function saveReward(tx: Tx, reward: Reward): Promise<void> {
  await tx`
    update rewards
    set ${tx(row(tx, reward))}
    where partner_id = ${reward.partnerId} and reward_id = ${reward.rewardId}
  `;
}

/** Notes when the set of cards of these rewards changed. */
export async function touchRewards(
  tx: Tx,
  { partnerId, rewardIds, now }: { partnerId: string; rewardIds: readonly string[]; now: Date },
): Promise<void> {
  await tx`
    update rewards
    set updated_at = ${now}
    where partner_id = ${partnerId} and reward_id = any(${[...rewardIds]}::uuid[])
  `;
}

export async function deleteRewardRow(tx: Tx, { partnerId, rewardId }: RewardKey): Promise<void> {
  await tx`
    delete from rewards
    where partner_id = ${partnerId} and reward_id = ${rewardId}
  `;
}

const columns = (tx: Tx) => tx`
  partner_id, reward_id, name, title, description, points, is_active, active_from, expiration_date, max_number_to_redeem,
  max_per_member, reward_type, images, created_at, updated_at
`;

const row = (tx: Tx, reward: Reward) => ({
  ...reward,
  searchKey: foldCase([reward.name, ...Object.values(reward.title ?? {})].join('\n')),
  title: reward.title && tx.json(reward.title),
  description: reward.description && tx.json(reward.description),
  images: tx.json(reward.images),
});
