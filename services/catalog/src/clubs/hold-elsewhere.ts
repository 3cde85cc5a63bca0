import {
  holdClubForStaff,
  holdClubForVouchers,
  releaseClubForStaff,
  releaseClubForVouchers,
  type Call,
} from '@punchcard/contracts';
import type { InternalClient } from '@punchcard/service-kit';
import { holdTargets, type Outcome } from '../tiers/hold-targets.ts';

/** What belongs to clubs in other services. */
const owners = {
  staff: { hold: holdClubForStaff, release: releaseClubForStaff },
  vouchers: { hold: holdClubForVouchers, release: releaseClubForVouchers },
} as const;

type Kind = keyof typeof owners;
const kinds = Object.keys(owners) as Kind[];

export interface Elsewhere {
  /** How many things of a kind belong to the club, or need its ladder: at least so many. */
  inUse: Record<Kind, number>;
  /** Says what became of the club. */
  release(outcome: Outcome): Promise<void>;
}

interface Asking {
  params: { id: string };
  caller: Call['caller'];
  /** Of the club's ladder, which goes with it. */
  tierIds: readonly string[];
}

interface Held {
  kind: Kind;
  count: number;
  release(outcome: Outcome): Promise<unknown>;
}

/**
 * Counts what belongs to a club in other services, and the vouchers that target its tiers; where there is nothing, nothing is
 * put there for a minute, or until they are told. Asked before the transaction that deletes the club opens, which takes some
 * seconds at most.
 * @throws AppError SERVICE_UNAVAILABLE when one of them does not answer
 */
export async function holdElsewhere(internal: InternalClient, asking: Asking): Promise<Elsewhere> {
  const { caller, tierIds } = asking;
  const asked = await Promise.allSettled([
    ...kinds.map((kind) => holdClub(internal, kind, asking)),
    ...tierIds.map(async (id): Promise<Held> => {
      const { vouchers: count, release } = await holdTargets(internal, { params: { id }, caller });
      return { kind: 'vouchers', count, release };
    }),
  ]);
  const holds = asked.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const release = async (outcome: Outcome): Promise<void> => {
    // One that cannot be released now ends by itself.
    await Promise.allSettled(holds.map((hold) => hold.release(outcome)));
  };
  const failed = asked.find((one) => one.status === 'rejected');
  if (failed) {
    await release({ isDeleted: false });
    throw failed.reason;
  }
  // Not their sum: a voucher of the club may target its tiers, too.
  const most = (wanted: Kind) => Math.max(...holds.map(({ kind, count }) => (kind === wanted ? count : 0)));
  return { inUse: { staff: most('staff'), vouchers: most('vouchers') }, release };
}

async function holdClub(internal: InternalClient, kind: Kind, { params, caller }: Asking): Promise<Held> {
  const { hold, release } = owners[kind];
  const { in_use: count, hold_id: holdId } = await internal.call(hold, { params, caller });
  return {
    ...{ kind, count },
    release: async ({ isDeleted }) =>
      holdId !== null && internal.call(release, { params, body: { hold_id: holdId, is_deleted: isDeleted }, caller }),
  };
}
