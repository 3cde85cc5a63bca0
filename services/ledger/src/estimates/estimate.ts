import { inSnapshot, type Sql } from '@punchcard/database';
import type { Copies } from '@punchcard/messaging';
import { surely } from '../booking/lanes.ts';
import { openBooks } from '../booking/open-books.ts';
import { estimateOf, type Estimate } from './rules.ts';

interface Deps {
  sql: Sql;
  copies: Pick<Copies, 'caughtUp'>;
}

type Order = Parameters<typeof estimateOf>[1];

/**
 * A dry run: the books are opened as for a batch, but from a snapshot and without a lock, decided on, and thrown away. What is
 * missing waits for the copies as in a lane.
 */
export const estimate = ({ sql, copies }: Deps, order: Order): Promise<Estimate> =>
  surely(() => inSnapshot(sql, async (tx) => estimateOf(await openBooks(tx, [order], { isDry: true }), order)), copies);
