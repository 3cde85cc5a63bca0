/** What a list says against what tills were told. Pure, so that it is tested without k6, which runs it. */

/** As far as it is compared. */
export interface Listed {
  /** Ours; in the note where the write carried no reference of its own. */
  reference: string | null;
  note: string | null;
  points: number;
}

export interface Told {
  /** Points by reference. */
  expected: Record<string, number>;
  /** By reference, those whose till never got an answer: there or not. */
  unsure: Record<string, number>;
}

/** Each that was answered is there once, with its points, and nothing else is. */
export function compareEntries(listed: readonly Listed[], { expected, unsure }: Told) {
  const seen = new Set<string>();
  const result = { found: 0, twice: [] as string[], wrong: [] as string[], unknown: [] as string[] };
  for (const { reference, note, points } of listed) {
    const name = reference ?? note ?? 'neither reference nor note';
    const told = expected[name];
    if (seen.has(name)) result.twice.push(name);
    else if (told !== undefined) {
      result.found += 1;
      if (told !== Math.abs(points)) result.wrong.push(`${name}: ${points} points, its till was told ${told}`);
    } else if (unsure[name] === undefined) result.unknown.push(name);
    seen.add(name);
  }
  const missing = Object.keys(expected).filter((name) => !seen.has(name));
  return { ...result, missing };
}

/** The same where only a sum is to be had: stamps of a card, uses of a voucher. */
export function compareCount(there: number, { told, unsure }: { told: number; unsure: number }) {
  return {
    found: Math.min(there, told),
    missing: Math.max(0, told - there),
    twice: Math.max(0, there - told - unsure),
  };
}

/** Equal, whatever the order of names. A replay comes from a store that keeps none. */
export const isSame = (a: unknown, b: unknown): boolean => inOrder(a) === inOrder(b);

const inOrder = (value: unknown): string =>
  JSON.stringify(value, (_, it: unknown) =>
    it && typeof it === 'object' && !Array.isArray(it) ? Object.fromEntries(Object.entries(it).sort()) : it,
  );

const redemptions = ['staff_redeemed_points_for_reward', 'member_redeemed_points_for_reward'];
const known = [
  ...redemptions,
  'staff_credited_points_for_purchase',
  'stamp_card_reward_points',
  'voucher_bonus_points',
];

/** All entries of a partner by what they are; `others`: what no till of ours does. */
export function byKind<T extends { event: string }>(entries: readonly T[]) {
  const of = (...events: string[]) => entries.filter(({ event }) => events.includes(event));
  return {
    purchases: of('staff_credited_points_for_purchase'),
    spent: of(...redemptions),
    fromStamps: of('stamp_card_reward_points'),
    fromVouchers: of('voucher_bonus_points'),
    others: entries.filter(({ event }) => !known.includes(event)),
  };
}
