import { memberStanding, type Call } from '@punchcard/contracts';
import type { InternalClient } from '@punchcard/service-kit';
import { StandingNeeded, type Standing } from './rules.ts';

/** Where a member stands as of now. 503 when the ledger does not say. */
export async function askStanding(
  internal: InternalClient,
  { memberId, call: { caller, marks } }: { memberId: string; call: Pick<Call, 'caller' | 'marks'> },
): Promise<Standing> {
  const standing = await internal.call(memberStanding, { params: { id: memberId }, caller, marks });
  return { tierIds: standing.tier_ids, hasPurchased: standing.has_purchased };
}

/** Runs what may need the member's standing; if it does, nothing was changed, and it runs again with it. */
export async function withStanding<T>(
  internal: InternalClient,
  call: Pick<Call, 'caller' | 'marks'>,
  run: (standing: Standing | null) => Promise<T>,
): Promise<T> {
  try {
    return await run(null);
  } catch (error) {
    if (!(error instanceof StandingNeeded)) throw error;
    return run(await askStanding(internal, { memberId: error.memberId, call }));
  }
}
