import type { Tx } from '@punchcard/database';

export interface Redemption {
  partnerId: string;
  rewardId: string;
}

export interface TierMove {
  partnerId: string;
  tierId: string;
  /** 1 came in, -1 went out. */
  members: number;
}

/** Adds to what was counted so far, rows in the order of their keys. */
export async function addRedemptions(tx: Tx, redemptions: readonly Redemption[]): Promise<void> {
  await tx`
    insert into reward_usage (partner_id, reward_id, redemptions)
    select partner_id, reward_id, count(*)
    from unnest(
      ${redemptions.map(({ partnerId }) => partnerId)}::uuid[],
      ${redemptions.map(({ rewardId }) => rewardId)}::uuid[]
    ) as r (partner_id, reward_id)
    group by partner_id, reward_id
    order by partner_id, reward_id
    on conflict (partner_id, reward_id) do update set redemptions = reward_usage.redemptions + excluded.redemptions
  `;
}

export async function addTierMoves(tx: Tx, moves: readonly TierMove[]): Promise<void> {
  await tx`
    insert into tier_usage (partner_id, tier_id, members)
    select partner_id, tier_id, sum(members)
    from unnest(
      ${moves.map(({ partnerId }) => partnerId)}::uuid[],
      ${moves.map(({ tierId }) => tierId)}::uuid[],
      ${moves.map(({ members }) => members)}::int[]
    ) as m (partner_id, tier_id, members)
    group by partner_id, tier_id
    order by partner_id, tier_id
    on conflict (partner_id, tier_id) do update set members = tier_usage.members + excluded.members
  `;
}
