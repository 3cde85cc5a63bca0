import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the clone. */
export const repository = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/** Results, what was installed, and the stack's data. Made when it is first asked for. */
export function benchFolder(...parts: string[]): string {
  const folder = join(repository, '.local', 'benchmarks', ...parts);
  mkdirSync(folder, { recursive: true });
  return folder;
}
