import { env, loadConfig } from '@punchcard/service-kit';
import { z } from 'zod';

const schema = z.object({ LEDGER_DATABASE_URL: env.postgresUrl });

/** All that the proof needs of the environment. */
export const readDatabaseUrl = (source?: NodeJS.ProcessEnv): string => loadConfig(schema, source).LEDGER_DATABASE_URL;
