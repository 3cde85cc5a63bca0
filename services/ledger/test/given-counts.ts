import type { Sql } from '@punchcard/database';
import { foldNext } from '../src/counts/fold.ts';

/** Counts the entries of these partners, all that there are now, and from now on those that a run of the job finds. */
export async function keepCounts(sql: Sql, ...partnerIds: readonly string[]): Promise<void> {
  const noted = new Set(partnerIds);
  const forget = (ids: readonly string[]) => ids.forEach((id) => noted.delete(id));
  while ((await foldNext({ sql, kept: { noted: () => [...noted], forget } })) || noted.size > 0);
}
