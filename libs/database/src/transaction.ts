import type { Sql, Statement, Tx } from './connect.ts';
import { noteNoCommit } from './failures.ts';
import { poolOf, type Pool } from './pool.ts';
import { openSession, type Session } from './session.ts';

export async function begin<T>(pool: Pool, work: (tx: Tx) => T | Promise<T>): Promise<T> {
  const session = openSession(pool, 'begin');
  const result = await orRollBack(session, () => work(session.make as unknown as Tx));
  await commit(session);
  return result;
}

/**
 * A transaction of two round trips: `begin` and what `open` reads, then the statements of `decide` and the `commit`. What is to
 * be read together must be sent together (`Promise.all`). The first use of a statement on a connection takes one more.
 */
export async function inBatch<R, A>(
  sql: Sql,
  open: (tx: Tx) => Promise<R>,
  decide: (tx: Tx, read: R) => { answer: A; statements: readonly Statement[] },
): Promise<A> {
  const session = openSession(poolOf(sql), 'begin');
  const tx = session.make as unknown as Tx;
  const { answer, statements } = await orRollBack(session, async () => decide(tx, await open(tx)));
  const sent = statements.map((statement) => statement.execute());
  const [committed] = await Promise.allSettled([commit(session), ...sent]);
  if (committed.status === 'rejected') throw committed.reason;
  return answer;
}

async function orRollBack<T>(session: Session, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await session.end('rollback').catch(() => undefined);
    noteNoCommit(error);
    throw error;
  }
}

/** A transaction in which anything failed is rolled back, by us or by the server, and throws what failed first. */
async function commit(session: Session): Promise<void> {
  const command = await session.end('commit').catch(() => session.end('rollback').catch(() => 'LOST'));
  if (command === 'COMMIT') return;
  const failure: unknown = session.failure() ?? new Error(`The server answered a commit with ${command}.`);
  noteNoCommit(failure);
  throw failure;
}
