import {
  holdClubForStaff,
  holdClubForVouchers,
  releaseClubForStaff,
  releaseClubForVouchers,
  type Call,
} from '@punchcard/contracts';
import type { InternalClient } from '@punchcard/service-kit';

/** What belongs to clubs in other services. */
const owners = {
  staff: { hold: holdClubForStaff, release: releaseClubForStaff },
  vouchers: { hold: holdClubForVouchers, release: releaseClubForVouchers },
} as const;

type Kind = keyof typeof owners;
const kinds = Object.keys(owners) as Kind[];

export interface Elsewhere {
  /** How many things of a kind belong to the club. */
  inUse: Record<Kind, number>;
  /** For a club that stays after all. */
  release(): Promise<void>;
}

/**
 * Counts what belongs to a club in other services; where there is nothing, nothing is put in it for a minute. Asked before the
 * transaction that deletes the club opens, which takes some seconds at most.
 * @throws AppError SERVICE_UNAVAILABLE when one of them does not answer
 */
export async function holdElsewhere(
  internal: InternalClient,
  { params, caller }: { params: { id: string }; caller: Call['caller'] },
): Promise<Elsewhere> {
  const asked = await Promise.allSettled(
    kinds.map(async (kind) => {
      const answer = await internal.call(owners[kind].hold, { params, caller });
      return { kind, ...answer };
    }),
  );
  const answers = asked.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const release = async (): Promise<void> => {
    const held = answers.flatMap(({ kind, hold_id: holdId }) => (holdId === null ? [] : [{ kind, holdId }]));
    // One that cannot be released now ends by itself.
    await Promise.allSettled(
      held.map(({ kind, holdId }) =>
        internal.call(owners[kind].release, { params, body: { hold_id: holdId }, caller }),
      ),
    );
  };
  const failed = asked.find((one) => one.status === 'rejected');
  if (failed) {
    await release();
    throw failed.reason;
  }
  const inUse = Object.fromEntries(answers.map(({ kind, in_use: count }) => [kind, count]));
  return { inUse: inUse as Elsewhere['inUse'], release };
}
