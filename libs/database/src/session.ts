import { isQuery, type Driver, type Query } from './driver.ts';
import { shownToCallers } from './failures.ts';
import type { Pool } from './pool.ts';
import { traced } from './spans.ts';

/** A connection that is ours alone until its last statement. */
export interface Session {
  /** Makes queries of this session, as the driver does. */
  make: Driver;
  /** Sends a last statement behind the others. Gives the command that the server ran: a failed `commit` is a `ROLLBACK`. */
  end(text: 'commit' | 'rollback' | 'select 1'): Promise<string>;
  /** What went wrong first; undefined while nothing did. */
  failure(): unknown;
}

/** Takes a connection and sends `opening` without waiting for its answer: what follows travels with it. */
export function openSession(pool: Pool, opening: 'begin' | 'select 1'): Session {
  const line = pool.take();
  const early: Query[] = [];
  let sendNow = (query: Query): void => void early.push(query);
  let hasEnded = false;
  let failure: unknown;

  const send = (query: Query) => {
    query.catch(() => undefined); // Who does not await it meets its error at the commit.
    if (hasEnded) query.reject(new Error('The transaction has ended.'));
    else sendNow(query);
  };

  const own = (query: Query, handler = send): Query => {
    const { reject } = query;
    query.handler = handler;
    query.reject = (thrown) => {
      const error = shownToCallers(thrown);
      failure ??= error;
      reject(error);
    };
    return traced(query);
  };

  const make: Driver = Object.assign(
    (...args: unknown[]) => {
      const made = pool.pattern(...args);
      return isQuery(made) ? own(made) : made;
    },
    pool.pattern,
    { unsafe: (...args: Parameters<Driver['unsafe']>) => own(pool.pattern.unsafe(...args)) },
  );

  const end = async (text: string): Promise<string> => {
    const query = own(pool.pattern.unsafe(text), () => {
      if (text === 'commit' && failure !== undefined) return query.reject(failure);
      send(query);
      if (hasEnded) return;
      hasEnded = true;
      const release = async () => pool.release(await line);
      query.then(release, release);
    });
    return (await query).command;
  };

  make.unsafe(opening).catch(() => undefined);
  line.then(
    ({ send: sendOnLine }) => {
      sendNow = sendOnLine;
      early.forEach(sendNow);
    },
    (error: unknown) => {
      sendNow = (query) => query.reject(error);
      early.forEach(sendNow);
    },
  );
  return { make, end, failure: () => failure };
}
