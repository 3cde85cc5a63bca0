import { holdTierForVouchers, releaseTierForVouchers, type Call } from '@punchcard/contracts';
import type { InternalClient } from '@punchcard/service-kit';

export interface Targets {
  /** How many vouchers target the tier. */
  vouchers: number;
  /** For a tier that stays after all. */
  release(): Promise<void>;
}

/**
 * Counts the vouchers that target a tier; with none, none will for a minute. Asked before the transaction that deletes the tier.
 * @throws AppError SERVICE_UNAVAILABLE when vouchers does not answer
 */
export async function holdTargets(
  internal: InternalClient,
  { params, caller }: { params: { id: string }; caller: Call['caller'] },
): Promise<Targets> {
  const { in_use: vouchers, hold_id: holdId } = await internal.call(holdTierForVouchers, { params, caller });
  return {
    vouchers,
    release: async () => {
      if (holdId === null) return;
      // A hold that cannot be released now ends by itself.
      await internal.call(releaseTierForVouchers, { params, body: { hold_id: holdId }, caller }).catch(() => undefined);
    },
  };
}
