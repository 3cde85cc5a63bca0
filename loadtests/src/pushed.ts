import type { TestPartner } from './house.ts';

type Line =
  | { kind: 'sold'; partner: number; reference: string; points: number; cents: number }
  | { kind: 'redeemed'; partner: number; reference: string; points: number }
  | { kind: 'batch'; partner: number; batch: string; count: number }
  | { kind: 'unsure'; partner: number; reference: string };

/** What tills were told is done at one partner, for the second phase. */
export interface Pushed {
  agentKey: string;
  pair: TestPartner['pairs'][number] | null;
  /** Points by reference. */
  sold: Record<string, number>;
  /** Points spent, by reference. */
  redeemed: Record<string, number>;
  /** References whose till never got an answer: they may be there or not. */
  unsure: string[];
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
    return { agentKey, pair: pairs[0] ?? null, sold: {}, redeemed: {}, unsure: [], cents: 0, batches: {} };
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

function note(mine: Pushed, line: Line): void {
  switch (line.kind) {
    case 'unsure':
      mine.unsure.push(line.reference);
      return;
    case 'redeemed':
      mine.redeemed[line.reference] = line.points;
      return;
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
  return {
    sold: sumOf(({ sold }) => Object.keys(sold).length),
    redeemed: sumOf(({ redeemed }) => Object.keys(redeemed).length),
    unsure: sumOf(({ unsure }) => unsure.length),
    codes: sumOf(({ batches }) => Object.values(batches).reduce((sum, count) => sum + count, 0)),
  };
}
