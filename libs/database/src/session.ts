import { createMaker, type Driver, type Query } from './driver.ts';
import { shownToCallers } from './failures.ts';
import type { Line } from './line.ts';
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
  const taken = pool.take();
  const early: Parameters<Line['send']>[] = [];
  let sendNow: Line['send'] = (...turn) => void early.push(turn);
  let hasEnded = false;
  let release: (() => void) | undefined = () => void taken.then(pool.release, () => undefined);
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

  const make = createMaker(pool.pattern, (query) => own(query));

  const end = async (text: string): Promise<string> => {
    const query = own(pool.pattern.unsafe(text), () => {
      if (hasEnded) return query.reject(new Error('The transaction has ended.'));
      sendNow(query, () => {
        if (text === 'commit' && failure !== undefined) return failure;
        hasEnded = true;
        return undefined;
      });
    });
    try {
      return (await query).command;
    } finally {
      if (hasEnded) {
        release?.();
        release = undefined; // Once, or two would share the connection.
      }
    }
  };

  const start = (line: Pick<Line, 'send'>) => {
    sendNow = line.send;
    for (const turn of early.splice(0)) sendNow(...turn);
  };
  make.unsafe(opening).catch(() => undefined);
  taken.then(start, (error: unknown) => start({ send: (query) => query.reject(error) }));
  return { make, end, failure: () => failure };
}
