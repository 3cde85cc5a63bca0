/** Points that were earned together and are not all gone. It has the id of the transaction that opened it. */
export interface Lot {
  readonly lotId: string;
  readonly cardId: string;
  readonly clubId: string;
  readonly points: number;
  remaining: number;
  readonly earnedAt: Date;
  /** Null = active from the beginning. */
  readonly activatesAt: Date | null;
  /** Null = never. */
  readonly expiresAt: Date | null;
  /** Whether its points are in the lifetime points of the member. */
  isCounted: boolean;
}

export interface Spend {
  lot: Lot;
  points: number;
}

const NEVER = Number.POSITIVE_INFINITY;
const expiryMs = ({ expiresAt }: Lot): number => expiresAt?.getTime() ?? NEVER;

export const isDue = ({ expiresAt }: Lot, now: Date): boolean => expiresAt !== null && expiresAt <= now;

/** Earned, but not to be spent yet. */
export const isPending = ({ activatesAt }: Lot, now: Date): boolean => activatesAt !== null && activatesAt > now;

/** The order in which lots are spent: earliest expiry first, never-expiring last, then the oldest (contract 1.10). */
export function bySpending(a: Lot, b: Lot): number {
  const [first, second] = [expiryMs(a), expiryMs(b)];
  if (first !== second) return first < second ? -1 : 1;
  return a.earnedAt.getTime() - b.earnedAt.getTime() || (a.lotId < b.lotId ? -1 : 1);
}

/** Puts a lot into its place among lots that are in the order of spending. */
export function insertLot(lots: Lot[], lot: Lot): void {
  let [low, high] = [0, lots.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (bySpending(lots[middle]!, lot) < 0) low = middle + 1;
    else high = middle;
  }
  lots.splice(low, 0, lot);
}

/** What a debit takes from each lot, of lots in the order of spending. Throws when they do not cover it: ask the balance first. */
export function lotsToSpend(lots: readonly Lot[], points: number, now: Date): Spend[] {
  const spends: Spend[] = [];
  let rest = points;
  for (const lot of lots) {
    if (rest === 0) break;
    if (lot.remaining === 0 || isPending(lot, now) || isDue(lot, now)) continue;
    const taken = Math.min(lot.remaining, rest);
    spends.push({ lot, points: taken });
    rest -= taken;
  }
  if (rest > 0) throw new Error(`The lots are ${rest} points short of a balance that covered the debit.`);
  return spends;
}

export interface Expiry {
  at: Date;
  spends: Spend[];
}

/** What is due at `now` and was not booked: one expiry for each instant, in their order. */
export function expiriesDue(lots: readonly Lot[], now: Date): Expiry[] {
  const expiries: Expiry[] = [];
  for (const lot of lots) {
    if (!isDue(lot, now)) break;
    if (lot.remaining === 0) continue;
    const spend = { lot, points: lot.remaining };
    const last = expiries.at(-1);
    if (last && last.at.getTime() === lot.expiresAt!.getTime()) last.spends.push(spend);
    else expiries.push({ at: lot.expiresAt!, spends: [spend] });
  }
  return expiries;
}

/** Whether a lot became active by `now`; one that expired before never does. */
export const hasWoken = ({ activatesAt, expiresAt }: Lot, now: Date): boolean =>
  activatesAt === null || (activatesAt <= now && (expiresAt === null || activatesAt < expiresAt));

/** Points that a debit uses up, or an expiry takes. */
export const sumOf = (spends: readonly Spend[]): number => spends.reduce((sum, { points }) => sum + points, 0);
