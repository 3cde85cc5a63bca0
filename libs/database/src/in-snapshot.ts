import type { Sql, Tx } from './connect.ts';

/** Reads in one snapshot: whatever commits meanwhile is seen by all statements of `work` or by none. Nothing can be written. */
export const inSnapshot = <T>(sql: Sql, work: (tx: Tx) => Promise<T>): Promise<T> =>
  sql.begin(async (tx) => {
    await tx`set transaction isolation level repeatable read read only`;
    return work(tx);
  });
