import { setTimeout } from 'node:timers/promises';
import type { Sql, Tx } from '@punchcard/database';
import type { Kept } from './kept.ts';
import { uncountedEntries } from './metrics.ts';
import {
  addPartners,
  countHistory,
  countNext,
  hasPartners,
  listWriters,
  lockCountedTo,
  readState,
  saveCountedTo,
} from './platform-fold.ts';

/** A batch takes some milliseconds. */
const LOOK_AGAIN_MS = 10;
const LOOKS = 100;

interface Deps {
  sql: Sql;
  kept: Pick<Kept, 'noted' | 'forget'>;
}

/**
 * Counts the next entries that are in no count yet, and the next of a history that was asked for. Returns whether there is more to
 * do at once. Any number of processes may do it: one at a time counts, and a transaction holds the counts with what they are of.
 */
export async function foldNext({ sql, kept }: Deps): Promise<boolean> {
  const noted = kept.noted();
  if (noted.length === 0 && !(await hasPartners(sql))) return false;
  const { position, end, isBehind } = await readState(sql);
  uncountedEntries.set(end - position);
  if (noted.length === 0 && !isBehind && position >= end) return false;
  if (!(await haveEnded(sql))) return false;
  return sql.begin(async (tx) => {
    const after = await lockCountedTo(tx);
    if (after === undefined) return false;
    const to = after < end ? await countUpTo(tx, { after, end }) : after;
    await addPartners(tx, noted, to);
    kept.forget(noted);
    return (await countHistory(tx)) || to < end;
  });
}

async function countUpTo(tx: Tx, range: { after: number; end: number }): Promise<number> {
  // Where nobody's are counted, there is nothing to add.
  const to = (await hasPartners(tx)) ? await countNext(tx, range) : range.end;
  await saveCountedTo(tx, to);
  return to;
}

/** Whether all that wrote entries when it was called have ended, as they do soon. */
async function haveEnded(sql: Sql): Promise<boolean> {
  let writers = new Set(await listWriters(sql));
  for (let looks = 0; writers.size > 0; looks += 1) {
    if (looks === LOOKS) return false;
    await setTimeout(LOOK_AGAIN_MS);
    writers = writers.intersection(new Set(await listWriters(sql)));
  }
  return true;
}
