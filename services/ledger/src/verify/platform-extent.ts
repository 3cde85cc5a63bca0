import type { Tx } from '@punchcard/database';

export interface Extent {
  accounts: number;
  entries: number;
  lots: number;
  spends: number;
  standings: number;
  keys: number;
}

/** Everything is read as of one instant, whatever is booked meanwhile. */
export async function freeze(tx: Tx): Promise<void> {
  await tx`set transaction isolation level repeatable read, read only`;
}

/** How much there is to check. */
export async function measure(tx: Tx): Promise<Extent> {
  const [extent] = await tx<[Extent]>`
    select
      (select count(*) from accounts) as accounts, (select count(*) from entries) as entries,
      (select count(*) from lots) as lots, (select count(*) from lot_spends) as spends,
      (select count(*) from member_standings) as standings, (select count(*) from idempotency_keys) as keys
  `;
  return extent;
}
