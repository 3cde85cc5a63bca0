import { inBatch, type Sql } from '@punchcard/database';
import { book } from './batch-rules.ts';
import { announcing } from './events.ts';
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
      return { answer, statements: save(tx, books.journal, announcing(tx, books.journal, new Date())) };
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
