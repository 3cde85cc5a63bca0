import { AppError } from '@punchcard/contracts';
import type { Terms } from '../vouchers/rules.ts';

/** Where a member stands in the ledger. */
export interface Standing {
  tierIds: readonly string[];
  hasPurchased: boolean;
}

/** Whether the voucher is for this member can only be told with the ledger's help, which is asked outside the lane. */
export class StandingNeeded extends Error {
  override readonly name = 'StandingNeeded';
  readonly memberId: string;

  constructor(memberId: string) {
    super('The standing of the member is needed.');
    this.memberId = memberId;
  }
}

export interface Redeeming {
  memberId: string;
  registeredAt: Date;
  /** Null: not asked yet. */
  standing: Standing | null;
  orderMinor: number | null;
  /** How often this member used it so far. */
  memberUses: number;
  now: Date;
}

const DAY_MS = 86_400_000;

/**
 * Why a voucher cannot be redeemed, in the order of the contract (3.8): active, dates, member, minimum, uses per member, uses in
 * all; undefined when it can.
 * @throws StandingNeeded
 */
export function refusalOf(voucher: Terms & { timesUsed: number }, redeeming: Redeeming): AppError | undefined {
  return (
    refusedByState(voucher, redeeming.now) ??
    refusedByMember(voucher, redeeming) ??
    refusedByOrder(voucher, redeeming.orderMinor) ??
    refusedByUses(voucher, redeeming.memberUses)
  );
}

const refusal = (reason: string) => new AppError('VOUCHER_INVALID', { details: { reason } });

function refusedByState({ isActive, validFrom, validUntil }: Terms, now: Date): AppError | undefined {
  if (!isActive) return refusal('inactive');
  if (validFrom !== null && now < validFrom) {
    return new AppError('VOUCHER_NOT_STARTED', { details: { valid_from: validFrom.toISOString() } });
  }
  if (validUntil !== null && validUntil <= now) {
    return new AppError('VOUCHER_EXPIRED', { details: { valid_until: validUntil.toISOString() } });
  }
  return undefined;
}

function refusedByMember(
  { targetTiers, newMembersDays, firstOrderOnly }: Terms,
  { memberId, registeredAt, standing, now }: Redeeming,
): AppError | undefined {
  if (newMembersDays !== null && now.getTime() - registeredAt.getTime() > newMembersDays * DAY_MS) {
    return refusal('not_a_new_member');
  }
  if (targetTiers.length === 0 && !firstOrderOnly) return undefined;
  if (standing === null) throw new StandingNeeded(memberId);
  if (targetTiers.length > 0 && !targetTiers.some((id) => standing.tierIds.includes(id))) {
    return refusal('tier_not_targeted');
  }
  return firstOrderOnly && standing.hasPurchased ? refusal('not_first_order') : undefined;
}

/** A percentage needs an order to be a percentage of. */
function refusedByOrder({ type, minPurchaseMinor }: Terms, orderMinor: number | null): AppError | undefined {
  const isMet =
    orderMinor === null
      ? type !== 'percentage' && minPurchaseMinor === null
      : minPurchaseMinor === null || orderMinor >= minPurchaseMinor;
  if (isMet) return undefined;
  return new AppError('VOUCHER_MINIMUM_NOT_MET', { details: { min_purchase_amount: minPurchaseMinor } });
}

function refusedByUses(
  { maxUsesPerMember, maxUsesTotal, timesUsed }: Terms & { timesUsed: number },
  memberUses: number,
): AppError | undefined {
  if (maxUsesPerMember !== null && memberUses >= maxUsesPerMember) {
    const details = { max_uses_per_member: maxUsesPerMember, times_used_by_member: memberUses };
    return new AppError('VOUCHER_MEMBER_LIMIT', { details });
  }
  if (maxUsesTotal !== null && timesUsed >= maxUsesTotal) {
    return new AppError('VOUCHER_EXHAUSTED', { details: { max_uses_total: maxUsesTotal } });
  }
  return undefined;
}
