import { describe, expect, it } from '@jest/globals';
import { OPEN_END, spellMoves, type SpellMove } from './rules.ts';

const dayOf = (n: number): string => new Date(Date.UTC(2026, 0, 1 + n)).toISOString().slice(0, 10);

/** Gives one account days in parts, in the order given, and adds up the moves. */
function spellsAfter(parts: readonly (readonly number[])[]): Map<string, number> {
  const known = new Set<string>();
  const spells = new Map<string, number>();
  for (const part of parts) {
    const fresh = [...new Set(part.map(dayOf))].filter((day) => !known.has(day)).sort();
    const before = [...known].sort();
    const days = fresh.map((day) => ({
      day,
      previous: before.findLast((one) => one < day) ?? null,
      next: before.find((one) => one > day) ?? null,
    }));
    for (const move of spellMoves(days)) add(spells, move);
    for (const day of fresh) known.add(day);
  }
  return spells;
}

function add(spells: Map<string, number>, { day, nextDay, count }: SpellMove) {
  const name = `${day} ${nextDay}`;
  const sum = (spells.get(name) ?? 0) + count;
  if (sum === 0) spells.delete(name);
  else spells.set(name, sum);
}

/** What the spells must be, straight from the days. */
function spellsOf(parts: readonly (readonly number[])[]): Map<string, number> {
  const days = [...new Set(parts.flat())].sort((a, b) => a - b).map(dayOf);
  return new Map(days.map((day, n) => [`${day} ${days[n + 1] ?? OPEN_END}`, 1]));
}

describe('spellMoves', () => {
  it('begins an open spell with the first day, and ends it with the next', () => {
    expect(spellMoves([{ day: dayOf(3), previous: null, next: null }])).toEqual([
      { day: dayOf(3), nextDay: OPEN_END, count: 1 },
    ]);
    expect(spellMoves([{ day: dayOf(5), previous: dayOf(3), next: null }])).toEqual([
      { day: dayOf(3), nextDay: OPEN_END, count: -1 },
      { day: dayOf(3), nextDay: dayOf(5), count: 1 },
      { day: dayOf(5), nextDay: OPEN_END, count: 1 },
    ]);
  });

  it('gives the same spells whatever the order and the parts in which days come', () => {
    let seed = 7;
    const random = (below: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      return Math.floor((seed / 2 ** 31) * below);
    };
    for (let run = 0; run < 500; run += 1) {
      const parts = Array.from({ length: 1 + random(5) }, () => Array.from({ length: random(6) }, () => random(12)));
      expect([...spellsAfter(parts)].sort()).toEqual([...spellsOf(parts)].sort());
    }
  });

  it('lets whoever had a day of a range be counted once, by adding', () => {
    const spells = [...spellsAfter([[1, 9, 4], [2]])].map(([name]) => name.split(' ') as [string, string]);
    const countIn = (from: number, to: number) =>
      spells.filter(([day, nextDay]) => day >= dayOf(from) && day <= dayOf(to) && nextDay > dayOf(to)).length;

    expect([countIn(0, 10), countIn(2, 4), countIn(4, 4), countIn(5, 8), countIn(10, 12)]).toEqual([1, 1, 1, 0, 0]);
  });
});
