import type { Answer, createAgentKey } from '@punchcard/contracts';
import { keyLines } from './show.ts';

/** Shows a key that was made. Its text is alone on standard output, so that it can be piped into a secret store. */
export const showNewKey = (key: Answer<typeof createAgentKey>, { json }: { json?: boolean }): void => {
  if (key.key === null) {
    throw new Error(
      `The key ${key.prefix} was made, but its text was lost on the way.\n  Revoke it, and make another.`,
    );
  }
  if (json) return console.log(JSON.stringify(key, null, 2));
  console.error(keyLines(key));
  console.log(key.key);
};
