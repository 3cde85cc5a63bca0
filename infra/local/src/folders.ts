import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

/** The root of the clone. */
export const repository = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');

export type Folders = ReturnType<typeof foldersOf>;

/** Everything that a local stack keeps, below one folder (`.local` of the clone, or a test's own). */
export const foldersOf = (root: string) => ({
  root,
  run: join(root, 'run'),
  logs: join(root, 'logs'),
  postgres: join(root, 'postgres'),
  redis: join(root, 'redis'),
  kafka: join(root, 'kafka'),
  compileCache: join(root, 'compile-cache'),
  secrets: join(root, 'secrets.json'),
  credentials: join(root, 'credentials.json'),
  seeded: join(root, 'seeded.json'),
});

/** Where `npm start` keeps its things. */
export const defaultFolder = join(repository, '.local');
