import { bucketAt, firstCounted, leavesAt } from './rules.ts';

/** What this gateway itself has counted in a window, by bucket, oldest first. It is what survives a loss of Redis. */
export interface Tally {
  total: number;
  readonly rows: { bucket: number; count: number }[];
}

export const createTally = (): Tally => ({ total: 0, rows: [] });

/** Counts `calls` in a bucket; takes them back when negative (then not below zero). */
export function addTo(tally: Tally, bucket: number, calls: number): void {
  if (calls === 0) return;
  let at = tally.rows.length;
  while (at > 0 && tally.rows[at - 1]!.bucket > bucket) at--;
  const row = tally.rows[at - 1];
  if (row?.bucket === bucket) {
    const counted = Math.max(-row.count, calls);
    row.count += counted;
    tally.total += counted;
    if (row.count === 0) tally.rows.splice(at - 1, 1);
  } else if (calls > 0) {
    tally.rows.splice(at, 0, { bucket, count: calls });
    tally.total += calls;
  }
}

/** Forgets the buckets that have wholly left the window. */
export function slide(tally: Tally, nowMs: number, windowMs: number): void {
  const first = firstCounted(nowMs, windowMs);
  let gone = 0;
  while (gone < tally.rows.length && tally.rows[gone]!.bucket < first) tally.total -= tally.rows[gone++]!.count;
  if (gone > 0) tally.rows.splice(0, gone);
}

/** When the oldest counted call leaves; null when there is none. */
export function nextLeaves({ rows }: Tally, windowMs: number): number | null {
  const oldest = rows[0];
  return oldest ? leavesAt(oldest.bucket, windowMs) : null;
}

/** Counts all that is in the tally at one instant: for a tally that was kept by a guessed clock. */
export function retime(tally: Tally, atMs: number, windowMs: number): void {
  const { total } = tally;
  tally.rows.length = 0;
  tally.total = 0;
  addTo(tally, bucketAt(atMs, windowMs), total);
}
