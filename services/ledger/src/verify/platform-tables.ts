import type { Tx } from '@punchcard/database';

/** The tables as the proof reads them: all of each, or one partner's rows. */
export interface Tables {
  entries: Part;
  accounts: Part;
  lots: Part;
  spends: Part;
  standings: Part;
  counters: Part;
  stampEvents: Part;
  stampProgress: Part;
  keys: Part;
  outbox: Part;
  entryCounts: Part;
  countedPartners: Part;
}

type Part = ReturnType<typeof part>;

/** To stand after `from` or `join`, with or without an alias. */
export function tablesOf(tx: Tx, partnerId: string | null): Tables {
  const of = (name: string) => part(tx, name, partnerId);
  return {
    ...{ entries: of('entries'), accounts: of('accounts'), lots: of('lots'), spends: of('lot_spends') },
    ...{ standings: of('member_standings'), counters: of('counters'), keys: of('idempotency_keys') },
    ...{ stampEvents: of('stamp_events'), stampProgress: of('stamp_progress') },
    ...{ outbox: of('outbox'), entryCounts: of('entry_counts'), countedPartners: of('counted_partners') },
  };
}

const part = (tx: Tx, name: string, partnerId: string | null) =>
  partnerId === null ? tx`${tx(name)}` : tx`(select * from ${tx(name)} where partner_id = ${partnerId})`;

export interface Extent {
  accounts: number;
  entries: number;
  lots: number;
  spends: number;
  standings: number;
  keys: number;
  'stamp events': number;
}

/** Everything is read as of one instant, whatever is booked meanwhile. */
export async function freeze(tx: Tx): Promise<void> {
  await tx`set transaction isolation level repeatable read, read only`;
}

/** How much there is to check. */
export async function measure(tx: Tx, of: Tables): Promise<Extent> {
  const [extent] = await tx<[Extent]>`
    select
      (select count(*) from ${of.accounts}) as accounts, (select count(*) from ${of.entries}) as entries,
      (select count(*) from ${of.lots}) as lots, (select count(*) from ${of.spends}) as spends,
      (select count(*) from ${of.standings}) as standings, (select count(*) from ${of.keys}) as keys,
      (select count(*) from ${of.stampEvents}) as "stamp events"
  `;
  return extent;
}
