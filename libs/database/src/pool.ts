import { createPattern, type Driver, type DriverOptions } from './driver.ts';
import { createLine, type Line } from './line.ts';

export interface Pool {
  /** Makes queries that nobody has sent yet. */
  pattern: Driver;
  /** A connection for the caller alone; waits while all are taken. */
  take(): Promise<Line>;
  release(line: Line): void;
  /** Refuses what comes from now on, waits at most so many seconds for what is under way, and closes. */
  end(timeout: number): Promise<void>;
  stats(): PoolStats;
}

export interface PoolStats {
  connections: number;
  idle: number;
  /** Statements and transactions that wait for a connection. */
  waiting: number;
}

/** First come, first served. A connection has one user at a time, so nobody waits behind another's slow statement. */
export function createPool(url: string, options: DriverOptions, max: number): Pool {
  const pattern = createPattern(url, options);
  const lines = new Set<Line>();
  const idle: Line[] = [];
  const waiting: PromiseWithResolvers<Line>[] = [];
  const quiet = Promise.withResolvers<void>();
  let hasEnded = false;

  const add = (): Line => {
    const line = createLine(pattern, () => forget(line));
    lines.add(line);
    return line;
  };

  const forget = (line: Line) => {
    lines.delete(line);
    const at = idle.indexOf(line);
    if (at >= 0) idle.splice(at, 1);
    waiting.shift()?.resolve(add());
    settle();
  };

  const settle = () => {
    if (hasEnded && waiting.length === 0 && idle.length === lines.size) quiet.resolve();
  };

  return {
    pattern,
    take: () => {
      if (hasEnded) return Promise.reject(ended());
      const line = idle.pop() ?? (lines.size < max ? add() : undefined);
      if (line) return Promise.resolve(line);
      const turn = Promise.withResolvers<Line>();
      waiting.push(turn);
      return turn.promise;
    },
    release: (line) => {
      if (!lines.has(line)) return;
      const next = waiting.shift();
      if (next) next.resolve(line);
      else idle.push(line);
      settle();
    },
    end: async (timeout) => {
      hasEnded = true;
      const timer = setTimeout(quiet.resolve, timeout * 1_000);
      settle();
      await quiet.promise;
      clearTimeout(timer);
      for (const turn of waiting.splice(0)) turn.reject(ended());
      await Promise.all([...lines].map((line) => line.close()));
    },
    stats: () => ({ connections: lines.size, idle: idle.length, waiting: waiting.length }),
  };
}

const ended = () => Object.assign(new Error('The pool was closed.'), { code: 'CONNECTION_ENDED' });

const pools = new WeakMap<object, Pool>();

export const rememberPool = (sql: object, pool: Pool): void => void pools.set(sql, pool);

/** The pool behind what `connect` gave. */
export function poolOf(sql: object): Pool {
  const pool = pools.get(sql);
  if (!pool) throw new TypeError('Not a pool that connect() made.');
  return pool;
}
