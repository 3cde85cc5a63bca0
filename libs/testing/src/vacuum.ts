import type { Sql } from '@punchcard/database';
import { waitFor } from './wait-for.ts';

/**
 * Vacuums and analyses all tables until it is known of every page that all may see what is in it. A vacuum passes over pages that
 * somebody has at hand, such as a checkpoint, and over rows that are newer than a snapshot of autovacuum.
 */
export const vacuum = (sql: Sql) =>
  waitFor('all pages to be vacuumed', async () => {
    await sql`vacuum analyze`;
    const left = await sql`
      select 1 from pg_class
      where relnamespace = 'public'::regnamespace and relkind = 'r' and relallvisible < relpages
    `;
    return left.length === 0;
  });
