import { readFile } from 'node:fs/promises';
import type { Sql } from '@punchcard/database';

const migration = new URL('../migrations/0006_spells_of_shops.sql', import.meta.url);

/** Fills the tables of the migration that has the sums of the overview from the others, with its own statements. */
export async function backfill(sql: Sql): Promise<void> {
  const text = await readFile(migration, 'utf8');
  const inserts = text.match(/^insert into (?:\w*_spells|monthly) [^;]+;/gm) ?? [];
  if (inserts.length !== 3) throw new Error('The migration fills other tables than it did.');
  for (const insert of inserts) await sql.unsafe(insert);
}
