import { inBatch, type Sql } from '@punchcard/database';
import { outboxStatement } from '@punchcard/messaging';
import { book } from './batch-rules.ts';
import { announcements } from './events.ts';
import { openBooks } from './open-books.ts';
import type { Command, Outcome } from './rules.ts';
import { save } from './save-store.ts';

/** One batch, one transaction: read under lock, decide one after another, save. */
export function bookBatch(sql: Sql, commands: readonly Command[]): Promise<PromiseSettledResult<Outcome>[]> {
  return inBatch(
    sql,
    (tx) => openBooks(tx, commands),
    (tx, books) => {
      const answer = commands.map((command) => attempt(() => book(books, command)));
      const announced = announcements(books.journal, new Date());
      const statements = save(tx, books.journal);
      if (announced.length > 0) statements.push(outboxStatement(tx, announced));
      return { answer, statements };
    },
  );
}

/** A refusal, or a bug, is the outcome of its command alone. */
function attempt<T>(decide: () => T): PromiseSettledResult<T> {
  try {
    return { status: 'fulfilled', value: decide() };
  } catch (reason) {
    return { status: 'rejected', reason };
  }
}
