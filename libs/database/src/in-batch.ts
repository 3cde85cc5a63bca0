import type { Sql, Statement, Tx } from './connect.ts';

/** One transaction in two round trips: what `open` reads, then the statements that `decide` returns with the commit. */
export async function inBatch<R, A>(
  sql: Sql,
  open: (tx: Tx) => Promise<R>,
  decide: (tx: Tx, read: R) => { answer: A; statements: Statement[] },
): Promise<A> {
  const answered = await sql.begin(async (tx) => {
    const { answer, statements } = decide(tx, await open(tx));
    await Promise.all(statements);
    return { answer };
  });
  return answered.answer as A;
}
