import { holdTierForVouchers, releaseTierForVouchers, type Call } from '@punchcard/contracts';
import type { InternalClient } from '@punchcard/service-kit';

/** What became of what was held. */
export interface Outcome {
  isDeleted: boolean;
}

export interface Targets {
  /** How many vouchers target the tier. */
  vouchers: number;
  /** Says what became of the tier. */
  release(outcome: Outcome): Promise<void>;
}

/**
 * Counts the vouchers that target a tier; with none, none will for a minute, or until it is told. Asked
 * before the transaction that deletes the tier.
 * @throws AppError SERVICE_UNAVAILABLE when vouchers does not answer
 */
export async function holdTargets(
  internal: InternalClient,
  { params, caller }: { params: { id: string }; caller: Call['caller'] },
): Promise<Targets> {
  const { in_use: vouchers, hold_id: holdId } = await internal.call(holdTierForVouchers, { params, caller });
  return {
    vouchers,
    release: async ({ isDeleted }) => {
      if (holdId === null) return;
      const body = { hold_id: holdId, is_deleted: isDeleted };
      // A hold that cannot be released now ends by itself.
      await internal.call(releaseTierForVouchers, { params, body, caller }).catch(() => undefined);
    },
  };
}
