import { AppError, foldCase, invalid } from '@punchcard/contracts';
import { requireFree } from '../programme/rules.ts';
import type { Ladder, Tier, TierKey } from './store.ts';

const highestLevel = 100;

/** What a request may say of a tier. */
export type TierFields = Partial<Omit<Tier, keyof TierKey | keyof Ladder | 'createdAt' | 'updatedAt'>>;
export type NewTierFields = TierFields & Pick<Tier, 'name' | 'pointsThreshold'>;

/** The tier that is asked for on this ladder. */
export function newTier(
  ladder: readonly Tier[],
  fields: NewTierFields,
  { now, ...made }: TierKey & Ladder & { now: Date },
): Tier {
  return {
    displayName: null,
    description: null,
    level: fields.level ?? nextLevel(ladder),
    multiplierBp: 10_000,
    redemptionDiscountBp: 0,
    icon: null,
    color: null,
    isDefault: false,
    isActive: true,
    ...fields,
    ...made,
    createdAt: now,
    updatedAt: now,
  };
}

/** The lowest level of an empty ladder, else one above its highest. */
function nextLevel(ladder: readonly Tier[]): number {
  const level = Math.max(-1, ...ladder.map((tier) => tier.level)) + 1;
  if (level > highestLevel) throw invalid('level', `is needed, since level ${highestLevel} is taken`);
  return level;
}

/** 409 when another tier of the ladder has its name, level or threshold; 422 when thresholds would not rise with the levels. */
export function requirePlace(ladder: readonly Tier[], tier: Tier): void {
  const others = ladder.filter(({ tierId }) => tierId !== tier.tierId);
  const ownerOf = (isTaken: (other: Tier) => boolean) => others.find(isTaken)?.tierId;
  const nameKey = foldCase(tier.name);
  const { tierId, level, pointsThreshold } = tier;
  requireFree(
    'name',
    tierId,
    ownerOf(({ name }) => foldCase(name) === nameKey),
  );
  requireFree(
    'level',
    tierId,
    ownerOf((other) => other.level === level),
  );
  requireFree(
    'points_threshold',
    tierId,
    ownerOf((other) => other.pointsThreshold === pointsThreshold),
  );

  const wrong = others.find((other) => other.level < level !== other.pointsThreshold < pointsThreshold);
  if (wrong) {
    const side = wrong.level < level ? 'more' : 'less';
    throw invalid('points_threshold', `must be ${side} than ${wrong.pointsThreshold}, that of level ${wrong.level}`);
  }
}

/**
 * Keeps one default in a ladder: its first tier is it, whatever was asked, and another tier that becomes it takes it over.
 * @returns the tier, and the one that is the default no more
 */
export function settleDefault(ladder: readonly Tier[], tier: Tier): { tier: Tier; former: Tier | undefined } {
  const current = ladder.find(({ isDefault }) => isDefault);
  const isDefault = tier.isDefault || current === undefined;
  const isGivenUp = current?.tierId === tier.tierId && !isDefault;
  if (isGivenUp || (isDefault && !tier.isActive))
    throw new AppError('CONFLICT', { details: { reason: 'default_tier' } });
  const former = isDefault && current && current.tierId !== tier.tierId ? current : undefined;
  return {
    tier: { ...tier, isDefault },
    former: former && { ...former, isDefault: false, updatedAt: tier.updatedAt },
  };
}

/** 409 for the default tier while others are in its ladder, and for one that vouchers target. */
export function requireDeletable(ladder: readonly Tier[], tier: Tier, vouchers: number): void {
  if (tier.isDefault && ladder.length > 1) throw new AppError('CONFLICT', { details: { reason: 'default_tier' } });
  if (vouchers > 0) throw new AppError('CONFLICT', { details: { reason: 'in_use', blocking: { vouchers } } });
}

/** 422: a tier stays in its ladder. Saying its own ladder again is fine. */
export function requireSameLadder(tier: Tier, clubId: string | null | undefined): void {
  if (clubId !== undefined && clubId !== tier.clubId) throw invalid('club_id', 'cannot change');
}
