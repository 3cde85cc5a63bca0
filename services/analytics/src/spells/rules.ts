/** A day on which a member bought or redeemed with a card. `YYYY-MM-DD` of the partner. */
export interface Visit {
  partnerId: string;
  memberId: string;
  cardId: string;
  clubId: string;
  day: string;
  isPurchase: boolean;
}

/** What is counted once, on however many of its days it came: an account, a member in a shop, one who buys there, one who buys anywhere. */
export type Counted = 'account' | 'visitor' | 'shopBuyer' | 'buyer';

const nameOf: Record<Counted, (visit: Visit) => string> = {
  account: ({ partnerId, memberId, cardId }) => `${partnerId} ${memberId} ${cardId}`,
  visitor: ({ partnerId, memberId, clubId }) => `${partnerId} ${memberId} ${clubId}`,
  shopBuyer: ({ partnerId, memberId, clubId }) => `${partnerId} ${memberId} ${clubId}`,
  buyer: ({ partnerId, memberId }) => `${partnerId} ${memberId}`,
};

/** One visit for each day of each that is counted. */
export function daysOf(counted: Counted, visits: readonly Visit[]): Visit[] {
  const isBuying = counted === 'shopBuyer' || counted === 'buyer';
  const own = isBuying ? visits.filter(({ isPurchase }) => isPurchase) : visits;
  return [...new Map(own.map((visit) => [`${nameOf[counted](visit)} ${visit.day}`, visit])).values()];
}

/** What new days change about the spells of each. */
export const movesOf = (counted: Counted, fresh: readonly (Visit & NewDay)[]): (SpellMove & Visit)[] =>
  movesBy(nameOf[counted], fresh);

/** What new days change about spells; those with one name are of one. */
export const movesBy = <T extends NewDay>(name: (day: T) => string, fresh: readonly T[]): (SpellMove & T)[] =>
  [...Map.groupBy(fresh, name).values()].flatMap((own) =>
    spellMoves(own.toSorted((a, b) => (a.day < b.day ? -1 : 1))).map((move) => ({ ...own[0]!, ...move })),
  );

/** A day that somebody gets, with the days before and after it that they had already; null = none. `YYYY-MM-DD`. */
export interface NewDay {
  day: string;
  previous: string | null;
  next: string | null;
}

/** How many more, or fewer, have a spell from `day` until `nextDay`. */
export interface SpellMove {
  day: string;
  nextDay: string;
  count: number;
}

/** The end of a spell that no day has ended yet. */
export const OPEN_END = 'infinity';

/**
 * What new days of one member or account, in their order, change about its spells. A spell lasts from a day on which something
 * happened until the next one, so a new day ends the spell before it and begins one of its own.
 */
export function spellMoves(days: readonly NewDay[]): SpellMove[] {
  return days.flatMap(({ day, previous, next }, n) => {
    const following = days[n + 1]?.day;
    const end = following !== undefined && (next === null || following < next) ? following : (next ?? OPEN_END);
    const opened = { day, nextDay: end, count: 1 };
    const before = days[n - 1]?.day;
    // Between the two lies no day that was there already: the spell that this one ends is the one that the last one began.
    if (previous === null || (before !== undefined && before > previous)) return [opened];
    return [{ day: previous, nextDay: next ?? OPEN_END, count: -1 }, { day: previous, nextDay: day, count: 1 }, opened];
  });
}
