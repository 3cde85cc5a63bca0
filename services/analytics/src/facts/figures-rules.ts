import {
  isAfterFirst,
  isAttributed,
  isPurchase,
  isRedemption,
  pointsOf,
  type Fact,
  type MemberHistory,
} from './rules.ts';

/** What a batch of facts adds to the sums of a day, shop and currency. */
export interface DailyDelta {
  partnerId: string;
  day: string;
  clubId: string;
  currency: string;
  purchases: number;
  revenueMinor: number;
  attributedMinor: number;
  pointsIssued: number;
  pointsRedeemed: number;
  pointsExpired: number;
  afterPurchases: number;
  afterMinor: number;
}

/** What it adds to a member's day on a card. */
export interface ActivityDelta {
  partnerId: string;
  day: string;
  clubId: string;
  cardId: string;
  memberId: string;
  currency: string;
  purchases: number;
  redemptions: number;
  revenueMinor: number;
  isAttributed: boolean;
}

type DayOf = Pick<DailyDelta, 'partnerId' | 'day' | 'clubId' | 'currency'>;

/** Sums deltas by their names, in the order of the names, so that two consumers lock rows in one order. */
export function createSums() {
  const days = new Map<string, DailyDelta>();
  const activity = new Map<string, ActivityDelta>();

  const daily = ({ partnerId, day, clubId, currency }: DayOf): DailyDelta => {
    const name = `${partnerId} ${day} ${clubId} ${currency}`;
    let sums = days.get(name);
    if (!sums) {
      sums = { partnerId, day, clubId, currency, ...zeros() };
      days.set(name, sums);
    }
    return sums;
  };

  const memberDay = ({ partnerId, day, clubId, cardId, memberId, currency }: Fact, history: MemberHistory) => {
    const name = `${partnerId} ${day} ${clubId} ${cardId} ${memberId}`;
    let sums = activity.get(name);
    if (!sums) {
      const counts = { purchases: 0, redemptions: 0, revenueMinor: 0, isAttributed: isAttributed(day, history) };
      sums = { partnerId, day, clubId, cardId, memberId, currency, ...counts };
      activity.set(name, sums);
    }
    return sums;
  };

  return { daily, memberDay, days: () => sorted(days), activity: () => sorted(activity) };
}

export type Sums = ReturnType<typeof createSums>;

/** Adds one fact, judged by all that is known of its member's redemptions. */
export function addFact(sums: Sums, fact: Fact, history: MemberHistory): void {
  const daily = sums.daily(fact);
  const { issued, redeemed, expired } = pointsOf(fact);
  daily.pointsIssued += issued;
  daily.pointsRedeemed += redeemed;
  daily.pointsExpired += expired;

  if (isRedemption(fact)) sums.memberDay(fact, history).redemptions += 1;
  if (!isPurchase(fact)) return;
  const minor = fact.purchaseMinor ?? 0;
  const memberDay = sums.memberDay(fact, history);
  memberDay.purchases += 1;
  memberDay.revenueMinor += minor;
  daily.purchases += 1;
  daily.revenueMinor += minor;
  if (memberDay.isAttributed) daily.attributedMinor += minor;
  if (isAfterFirst(fact, history)) {
    daily.afterPurchases += 1;
    daily.afterMinor += minor;
  }
}

const sorted = <T>(map: ReadonlyMap<string, T>): T[] =>
  [...map.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);

const zeros = () => ({
  purchases: 0,
  revenueMinor: 0,
  attributedMinor: 0,
  pointsIssued: 0,
  pointsRedeemed: 0,
  pointsExpired: 0,
  afterPurchases: 0,
  afterMinor: 0,
});
