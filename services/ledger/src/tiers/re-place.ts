import { newId } from '@punchcard/contracts';
import type { Sql } from '@punchcard/database';
import { announcing } from '../booking/events.ts';
import { toStanding } from '../booking/open-books.ts';
import { emptyJournal } from '../booking/journal-rules.ts';
import type { Standing } from '../booking/rules.ts';
import { save } from '../booking/save-store.ts';
import { takeLadderChange } from './platform-ladder-changes.ts';
import { laddersOf, PARTNER_WIDE, tierAt } from './rules.ts';
import { move } from './standing-rules.ts';
import { findLadder, lockNextStandings, noteProgress } from './store.ts';

/** Members of one transaction: their locks are held for some 20 ms. */
const CHUNK = 500;

/**
 * Places the next members of a ladder that changed, and announces who moved. False when there is nothing to do. The ladder
 * is read under the members' locks, so it is the one that the next purchase sees, too.
 */
export function placeNext(sql: Sql, now: Date): Promise<boolean> {
  return sql.begin(async (tx) => {
    const change = await takeLadderChange(tx);
    if (!change) return false;
    const { partnerId, scopeId } = change;
    const rows = await lockNextStandings(tx, { ...change, limit: CHUNK });
    const ladders = laddersOf(await findLadder(tx, partnerId, scopeId));
    const journal = emptyJournal();
    for (const standing of rows.map(toStanding).filter((standing) => isOn(standing, scopeId))) {
      const tier = tierAt(ladders.get(scopeId), lifetimeIn(standing, scopeId));
      move({ books: { journal, newId }, ladders, standing, at: now, traceparent: null }, scopeId, tier);
    }
    await Promise.all(save(tx, journal, announcing(tx, journal, now)));
    await noteProgress(tx, change, rows.length < CHUNK ? null : rows.at(-1)!.memberId);
    return true;
  });
}

const isOn = ({ clubs }: Standing, scopeId: string): boolean => scopeId === PARTNER_WIDE || scopeId in clubs;

const lifetimeIn = ({ lifetimePoints, clubs }: Standing, scopeId: string): number =>
  scopeId === PARTNER_WIDE ? lifetimePoints : (clubs[scopeId]?.lifetimePoints ?? 0);
