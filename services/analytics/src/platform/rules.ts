import { invalid, majorOf, plans } from '@punchcard/contracts';
import { addDays, daysIn, type Period } from '../periods/rules.ts';
import type { PlatformSums, TierCounts } from './platform-views.ts';

/** Longest range of a question (agent contract part 5), and the one of a question without days. */
const MAX_DAYS = 366;
const DEFAULT_DAYS = 30;

/** The range that a query asks for, in UTC days; an end alone, or a beginning alone, is completed with the default or today. */
export function rangeOf({ from, to }: { from?: string | undefined; to?: string | undefined }, today: string): Period {
  const end = to ?? today;
  const range = { start: from ?? addDays(end, 1 - DEFAULT_DAYS), end };
  if (range.start > range.end) throw invalid('from', 'must not be after to, which is today unless it is sent');
  if (daysIn(range) > MAX_DAYS) throw invalid('from', `must span at most ${MAX_DAYS} days with to`);
  return range;
}

/** Every plan, lowest first, with its partners and what they sold. */
export const byTier = (partners: readonly TierCounts[], sums: readonly PlatformSums[]) =>
  plans.map((tier) => ({
    tier,
    partners: partners.find((one) => one.tier === tier)?.total ?? 0,
    transactions: sumOf(
      sums.filter((one) => one.tier === tier),
      'purchases',
    ),
  }));

/** Revenue of each currency in which something was bought, by code, in major units. */
export function revenueOf(sums: readonly PlatformSums[]) {
  const sold = Map.groupBy(
    sums.filter(({ purchases }) => purchases > 0),
    ({ currency }) => currency,
  );
  return [...sold]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([currency, rows]) => ({ currency, amount: majorOf(sumOf(rows, 'revenueMinor'), currency) }));
}

type Summed = Exclude<keyof PlatformSums, 'tier' | 'currency'>;

export const sumOf = (sums: readonly PlatformSums[], name: Summed): number =>
  sums.reduce((total, one) => total + one[name], 0);
