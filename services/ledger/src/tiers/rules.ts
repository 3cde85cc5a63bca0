/** The scope of the partner-wide ladder; another is the id of its club. */
export const PARTNER_WIDE = '00000000-0000-0000-0000-000000000000';

export interface Tier {
  tierId: string;
  /** A club, or `PARTNER_WIDE`. */
  scopeId: string;
  name: string;
  pointsThreshold: number;
  multiplierBp: number;
  redemptionDiscountBp: number;
  isDefault: boolean;
  /** Never, of one that was deleted. */
  isActive: boolean;
  /** Its name is still told when members leave it. */
  isDeleted: boolean;
}

/** The ladders of one partner, by scope. */
export type Ladders = ReadonlyMap<string, readonly Tier[]>;

/** For a card counts the ladder of its club if it has one, else the partner-wide one (contract 1.12). */
export const scopeFor = (ladders: Ladders, clubId: string): string =>
  ladders.get(clubId)?.some(({ isDeleted }) => !isDeleted) ? clubId : PARTNER_WIDE;

/** The active tier with the highest threshold not above the lifetime points; below all of them the default tier. */
export function tierAt<T extends Tier>(ladder: readonly T[] | undefined, lifetimePoints: number): T | null {
  let reached: T | null = null;
  for (const tier of ladder ?? []) {
    if (!tier.isActive || tier.pointsThreshold > lifetimePoints) continue;
    if (reached === null || tier.pointsThreshold > reached.pointsThreshold) reached = tier;
  }
  return reached ?? ladder?.find(({ isDefault, isActive }) => isDefault && isActive) ?? null;
}

/** The lowest active tier that is still to be reached; null at the top, or without a ladder. The default is held from the start. */
export function nextTier<T extends Tier>(ladder: readonly T[] | undefined, lifetimePoints: number): T | null {
  const held = tierAt(ladder, lifetimePoints);
  let next: T | null = null;
  for (const tier of ladder ?? []) {
    if (!tier.isActive || tier.pointsThreshold <= lifetimePoints || tier === held) continue;
    if (next === null || tier.pointsThreshold < next.pointsThreshold) next = tier;
  }
  return next;
}

/** Lifetime points that are missing for the next tier. */
export function pointsToNextTier(ladder: readonly Tier[] | undefined, lifetimePoints: number): number | null {
  const next = nextTier(ladder, lifetimePoints);
  return next && next.pointsThreshold - lifetimePoints;
}

/** Ladders by scope, of tiers in any order. */
export function laddersOf<T extends Tier>(tiers: readonly T[]): Map<string, T[]> {
  const ladders = new Map<string, T[]>();
  for (const tier of tiers) {
    const ladder = ladders.get(tier.scopeId);
    if (ladder) ladder.push(tier);
    else ladders.set(tier.scopeId, [tier]);
  }
  return ladders;
}
