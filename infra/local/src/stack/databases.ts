import type { ServiceName } from '@punchcard/contracts';
import { connect, migrate } from '@punchcard/database';
import { join } from 'node:path';
import { repository } from '../folders.ts';
import type { Log, Work } from '../progress.ts';
import { databaseUrlOf } from './environment.ts';
import type { StackFacts } from './environment.ts';
import { databaseOwners } from './services.ts';

const migrateOne = (name: ServiceName, facts: StackFacts, log: Log): Promise<string[]> =>
  migrate(databaseUrlOf(name, facts), join(repository, 'services', name, 'migrations'), (line) =>
    log(`${name}: ${line}`),
  );

/** Makes the database of each service and brings it to the newest state. */
export const migrateAll = (facts: () => StackFacts): Work => ({
  title: 'Databases',
  run: async (note) => {
    // One after the other: `create database` copies a template and does not like company.
    let applied = 0;
    for (const name of databaseOwners) applied += (await migrateOne(name, facts(), note)).length;
    return applied === 0 ? 'up to date' : `${applied} migrations applied`;
  },
});

/** Names the database server's data for good: another folder, another server or lost data is another cluster. */
export const clusterOf = async (postgresUrl: string): Promise<string> => {
  const sql = connect(postgresUrl, { poolMax: 1, applicationName: 'punchcard-local' });
  try {
    const [row] = await sql<{ id: string }[]>`select system_identifier::text as id from pg_control_system()`;
    return row?.id ?? '';
  } finally {
    await sql.end({ timeout: 1 });
  }
};
