import { endAll } from './end-all.ts';

/** Says how something that was begun, or will be there soon, ends; gives it back. */
export type Own = <T>(begun: T, end: (begun: Awaited<T>) => unknown) => T;

/**
 * What `start` gives, and `stop`, which ends all that it owns, the last first. When `start` fails, all that it had begun is ended:
 * what stays open would keep Jest alive, and the parts busy.
 */
export async function startOwning<T extends object>(start: (own: Own) => Promise<T>) {
  const ends: (() => Promise<unknown>)[] = [];
  const own: Own = (begun, end) => {
    ends.push(() => Promise.resolve(begun).then(end, () => undefined));
    return begun;
  };
  const stop = (): Promise<void> => endAll(ends.splice(0).toReversed());
  try {
    return { ...(await start(own)), stop };
  } catch (error) {
    await stop().catch(() => undefined);
    throw error;
  }
}
