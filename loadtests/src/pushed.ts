import type { TestPartner } from './house.ts';

type Line =
  | { kind: 'sold'; partner: number; reference: string; points: number; cents: number }
  | { kind: 'redeemed'; partner: number; points: number }
  | { kind: 'unsure'; partner: number; reference: string };

/** What tills were told is done at one partner, for the second phase. */
export interface Pushed {
  agentKey: string;
  pair: TestPartner['pairs'][number] | null;
  /** Points by reference. */
  sold: Record<string, number>;
  /** References whose till never got an answer: they may be there or not. */
  unsure: string[];
  issued: number;
  redeemed: number;
  cents: number;
}

const linesOf = (log: string): Line[] =>
  log.split('\n').flatMap((text) => {
    // The script's warnings stand between.
    if (!text.startsWith('{"kind"')) return [];
    return [JSON.parse(text) as Line];
  });

type Known = Pick<TestPartner, 'agentKeys' | 'pairs'>;

/** Sums up what the tills logged; the partners in the order in which the script knew them. */
export function readPushed(log: string, partners: readonly Known[]): Pushed[] {
  const all = partners.map(({ agentKeys, pairs }): Pushed => {
    const agentKey = agentKeys.at(-1) ?? '';
    return { agentKey, pair: pairs[0] ?? null, sold: {}, unsure: [], issued: 0, redeemed: 0, cents: 0 };
  });
  for (const line of linesOf(log)) {
    const mine = all[line.partner];
    if (!mine) continue;
    if (line.kind === 'unsure') mine.unsure.push(line.reference);
    else if (line.kind === 'redeemed') mine.redeemed += line.points;
    else {
      mine.sold[line.reference] = line.points;
      mine.issued += line.points;
      mine.cents += line.cents;
    }
  }
  return all;
}
