import { foldCase, notFound, type Texts } from '@punchcard/contracts';
import type { Db, Tx } from '@punchcard/database';

export interface TierKey {
  partnerId: string;
  tierId: string;
}

/** Whose tiers these are: a club's, or with null the whole partner's. */
export interface Ladder {
  partnerId: string;
  clubId: string | null;
}

export interface Tier extends TierKey, Ladder {
  name: string;
  displayName: Texts | null;
  description: Texts | null;
  level: number;
  pointsThreshold: number;
  multiplierBp: number;
  redemptionDiscountBp: number;
  icon: string | null;
  color: string | null;
  isDefault: boolean;
  isActive: boolean;
  createdAt: Date;
  updatedAt: Date;
}

export async function findTier(tx: Db, { partnerId, tierId }: TierKey): Promise<Tier | undefined> {
  const [tier] = await tx<Tier[]>`
    select ${columns(tx)}
    from tiers
    where partner_id = ${partnerId} and tier_id = ${tierId}
  `;
  return tier;
}

/** A tier, or 404. */
export async function getTier(tx: Tx, key: TierKey): Promise<Tier> {
  const tier = await findTier(tx, key);
  if (!tier) throw notFound('tier', key.tierId);
  return tier;
}

export async function listLadder(tx: Db, { partnerId, clubId }: Ladder): Promise<Tier[]> {
  return tx<Tier[]>`
    select ${columns(tx)}
    from tiers
    where partner_id = ${partnerId} and club_id is not distinct from ${clubId}
    order by level
  `;
}

export async function insertTier(tx: Tx, tier: Tier): Promise<void> {
  await tx`insert into tiers ${tx(row(tx, tier))}`;
}

export async function saveTier(tx: Tx, tier: Tier): Promise<void> {
  await tx`
    update tiers
    set ${tx(row(tx, tier))}
    where partner_id = ${tier.partnerId} and tier_id = ${tier.tierId}
  `;
}

export async function deleteTierRow(tx: Tx, { partnerId, tierId }: TierKey): Promise<void> {
  await tx`
    delete from tiers
    where partner_id = ${partnerId} and tier_id = ${tierId}
  `;
}

/** @returns the tiers that the ladder had */
export async function deleteLadder(tx: Tx, { partnerId, clubId }: Ladder): Promise<Tier[]> {
  return tx<Tier[]>`
    delete from tiers
    where partner_id = ${partnerId} and club_id is not distinct from ${clubId}
    returning ${columns(tx)}
  `;
}

const columns = (tx: Db) => tx`
  partner_id, tier_id, club_id, name, display_name, description, level, points_threshold, multiplier_bp,
  redemption_discount_bp, icon, color, is_default, is_active, created_at, updated_at
`;

const row = (tx: Tx, tier: Tier) => ({
  ...tier,
  nameKey: foldCase(tier.name),
  displayName: tier.displayName && tx.json(tier.displayName),
  description: tier.description && tx.json(tier.description),
});
