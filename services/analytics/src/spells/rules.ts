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
