import { waitUntil } from '../processes/wait.ts';
import { partTitles } from './part.ts';
import type { Part, PartName } from './part.ts';

/** A URL without its password, for messages. */
const shown = (url: string): string => url.replace(/\/\/[^@/]*@/, '//…@');

/** A part that somebody else runs, named by a URL in the environment. It is used, never started, stopped or killed. */
export const givenPart = (name: PartName, url: string, isReady: () => Promise<boolean>): Part => ({
  name,
  source: 'url',
  url,
  pid: undefined,
  start: async () => {
    if (await waitUntil(isReady, { timeoutMs: 10_000, everyMs: 200 })) return;
    throw new Error(`${partTitles[name]} does not answer at ${shown(url)}, the address given in the environment`);
  },
  kill: () => Promise.reject(new Error(`${partTitles[name]} was given by its address: it is not ours to kill`)),
  stop: () => Promise.resolve(),
});
