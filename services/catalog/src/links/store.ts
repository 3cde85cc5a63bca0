import type { Tx } from '@punchcard/database';

export interface Link {
  partnerId: string;
  cardId: string;
  rewardId: string;
}

/** @returns ids, in their order on the card */
export async function listRewardsOfCard(tx: Tx, { partnerId, cardId }: Omit<Link, 'rewardId'>): Promise<string[]> {
  const links = await tx<Link[]>`
    select reward_id
    from card_rewards
    where partner_id = ${partnerId} and card_id = ${cardId}
    order by reward_position, reward_id
  `;
  return links.map(({ rewardId }) => rewardId);
}

/** @returns ids, in their order on the reward */
export async function listCardsOfReward(tx: Tx, { partnerId, rewardId }: Omit<Link, 'cardId'>): Promise<string[]> {
  const links = await tx<Link[]>`
    select card_id
    from card_rewards
    where partner_id = ${partnerId} and reward_id = ${rewardId}
    order by card_position, card_id
  `;
  return links.map(({ cardId }) => cardId);
}

/** Makes this the whole set of a card, in this order; on each reward a new card comes last. */
export async function saveRewardsOfCard(
  tx: Tx,
  { partnerId, cardId, rewardIds }: { partnerId: string; cardId: string; rewardIds: readonly string[] },
): Promise<void> {
  await tx`
    delete from card_rewards
    where partner_id = ${partnerId} and card_id = ${cardId} and reward_id <> all(${[...rewardIds]}::uuid[])
  `;
  await tx`
    insert into card_rewards (partner_id, reward_id, card_id, card_position, reward_position)
    select ${partnerId}::uuid, wanted.reward_id, ${cardId}::uuid, coalesce(max(l.card_position), 0) + 1, wanted.position
    from unnest(${[...rewardIds]}::uuid[]) with ordinality as wanted (reward_id, position)
    left join card_rewards l on l.partner_id = ${partnerId} and l.reward_id = wanted.reward_id
    group by wanted.reward_id, wanted.position
    on conflict (partner_id, reward_id, card_id) do update set reward_position = excluded.reward_position
  `;
}

/** Makes this the whole set of a reward, in this order; on each card a new reward comes last. */
export async function saveCardsOfReward(
  tx: Tx,
  { partnerId, rewardId, cardIds }: { partnerId: string; rewardId: string; cardIds: readonly string[] },
): Promise<void> {
  await tx`
    delete from card_rewards
    where partner_id = ${partnerId} and reward_id = ${rewardId} and card_id <> all(${[...cardIds]}::uuid[])
  `;
  await tx`
    insert into card_rewards (partner_id, reward_id, card_id, card_position, reward_position)
    select ${partnerId}::uuid, ${rewardId}::uuid, wanted.card_id, wanted.position, coalesce(max(l.reward_position), 0) + 1
    from unnest(${[...cardIds]}::uuid[]) with ordinality as wanted (card_id, position)
    left join card_rewards l on l.partner_id = ${partnerId} and l.card_id = wanted.card_id
    group by wanted.card_id, wanted.position
    on conflict (partner_id, reward_id, card_id) do update set card_position = excluded.card_position
  `;
}

/** Of these rewards one that is on more than `most` cards. */
export async function findCrowdedReward(
  tx: Tx,
  { partnerId, rewardIds, most }: { partnerId: string; rewardIds: readonly string[]; most: number },
): Promise<string | undefined> {
  const [crowded] = await tx<Link[]>`
    select reward_id
    from card_rewards
    where partner_id = ${partnerId} and reward_id = any(${[...rewardIds]}::uuid[])
    group by reward_id
    having count(*) > ${most}
  `;
  return crowded?.rewardId;
}

/** Of these cards one that has more than `most` rewards. */
export async function findCrowdedCard(
  tx: Tx,
  { partnerId, cardIds, most }: { partnerId: string; cardIds: readonly string[]; most: number },
): Promise<string | undefined> {
  const [crowded] = await tx<Link[]>`
    select card_id
    from card_rewards
    where partner_id = ${partnerId} and card_id = any(${[...cardIds]}::uuid[])
    group by card_id
    having count(*) > ${most}
  `;
  return crowded?.cardId;
}
