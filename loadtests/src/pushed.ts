import type { TestPartner } from './house.ts';

type Line =
  | { kind: 'sold'; partner: number; reference: string; points: number; cents: number }
  | { kind: 'redeemed'; partner: number; reference: string; points: number }
  | { kind: 'stamped'; partner: number; member: string; stamps: number }
  | { kind: 'handed'; partner: number; member: string }
  | { kind: 'voucher'; partner: number; voucher: string; points: number }
  | { kind: 'batch'; partner: number; batch: string; count: number }
  | { kind: 'unsure'; partner: number; reference: string; count?: number };

/** What tills were told is done at one partner, for the second phase. */
export interface Pushed {
  agentKey: string;
  pair: TestPartner['pairs'][number] | null;
  /** Points by reference. */
  sold: Record<string, number>;
  /** Points spent, by reference. */
  redeemed: Record<string, number>;
  /** Stamps by member, and rewards that were handed out for full cards. */
  stamps: Record<string, number>;
  handed: Record<string, number>;
  /** Uses by voucher. */
  vouchers: Record<string, number>;
  /** What tills never got an answer to, by reference, or by what is counted (`stamps <member>`): it may be there or not. */
  unsure: Record<string, number>;
  /** Cents of all that was sold. */
  cents: number;
  /** Codes of voucher batches, by the batch's id. */
  batches: Record<string, number>;
}

type Known = Pick<TestPartner, 'agentKeys' | 'pairs'>;

/**
 * Sums up what the tills logged, line by line, for the log of a long soak does not fit into one string; the partners in the order in which
 * the script knew them.
 */
export async function readPushed(
  log: AsyncIterable<string> | Iterable<string>,
  partners: readonly Known[],
): Promise<Pushed[]> {
  const all = partners.map(({ agentKeys, pairs }): Pushed => {
    const agentKey = agentKeys.at(-1) ?? '';
    const counts = { stamps: {}, handed: {}, vouchers: {}, batches: {}, unsure: {} };
    return { agentKey, pair: pairs[0] ?? null, sold: {}, redeemed: {}, cents: 0, ...counts };
  });
  for await (const text of log) {
    // The script's warnings stand between.
    if (!text.startsWith('{"kind"')) continue;
    const line = JSON.parse(text) as Line;
    const mine = all[line.partner];
    if (mine) note(mine, line);
  }
  return all;
}

const add = (counts: Record<string, number>, name: string, more = 1): void => {
  counts[name] = (counts[name] ?? 0) + more;
};

function note(mine: Pushed, line: Line): void {
  switch (line.kind) {
    case 'unsure':
      return add(mine.unsure, line.reference, line.count);
    case 'redeemed':
      mine.redeemed[line.reference] = line.points;
      return;
    case 'stamped':
      return add(mine.stamps, line.member, line.stamps);
    case 'handed':
      return add(mine.handed, line.member);
    case 'voucher':
      return add(mine.vouchers, line.voucher);
    case 'batch':
      mine.batches[line.batch] = line.count;
      return;
    case 'sold':
      mine.sold[line.reference] = line.points;
      mine.cents += line.cents;
  }
}

/** What the second phase must find. */
export function totalsOf(pushed: readonly Pushed[]) {
  const sumOf = (count: (one: Pushed) => number) => pushed.reduce((sum, one) => sum + count(one), 0);
  const all = (counts: Record<string, number>) => Object.values(counts).reduce((sum, count) => sum + count, 0);
  return {
    sold: sumOf(({ sold }) => Object.keys(sold).length),
    redeemed: sumOf(({ redeemed }) => Object.keys(redeemed).length),
    stamps: sumOf(({ stamps }) => all(stamps)),
    handed: sumOf(({ handed }) => all(handed)),
    vouchers: sumOf(({ vouchers }) => all(vouchers)),
    codes: sumOf(({ batches }) => all(batches)),
    unsure: sumOf(({ unsure }) => all(unsure)),
  };
}
