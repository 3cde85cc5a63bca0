import { createDriver, type Driver, type Query } from './driver.ts';
import { isConnectionLost } from './failures.ts';

/** One connection. When it is lost it is thrown away, with its driver. */
export interface Line {
  /**
   * Sends a query behind those under way, without waiting for them where the protocol allows. `refusal` is asked when its turn
   * has come; an error keeps it from being sent.
   */
  send(query: Query, refusal?: () => unknown): void;
  /** Closes it. What is under way has a second to end. */
  close(): Promise<void>;
}

interface Turn {
  query: Query;
  refusal: (() => unknown) | undefined;
}

/**
 * A driver with what postgres.js 3.4.9 lacks. It does not answer a query that was sent between an error of the socket and its
 * close. It writes to sockets that are gone (which ends the process: "null (reading 'write')"), and keeps half-written messages
 * and old errors for the next connection: so none is reused. When it cannot write a parameter while others are under way,
 * answers meet the wrong statements: so the connection is given up. Each has its integration test.
 */
export function createLine(pattern: Driver, onLost: () => void): Line {
  const waiting: Turn[] = [];
  const pending = new Set<Query>();
  let isConnected = false;
  let blocker: Query | undefined;
  let writing: Query | undefined;
  let lost: unknown;

  const driver = createDriver(pattern, () => lose(undefined));
  const { handler } = driver.unsafe('');

  const lose = (error: unknown) => {
    if (lost !== undefined) return;
    lost = asLost(error);
    waiting.length = 0;
    for (const query of pending) query.reject(lost);
    onLost();
    void driver.end({ timeout: 0 });
  };

  const write = ({ query, refusal }: Turn) => {
    const refused = refusal?.();
    if (refused !== undefined) return query.reject(refused);
    writing = query;
    handler(query);
    writing = undefined;
    if (!isConnected || query.describeFirst || query.cursorFn) blocker = query;
  };

  const settled = (query: Query) => {
    pending.delete(query);
    isConnected ||= query.state !== null;
    if (blocker !== query) return;
    blocker = undefined;
    while (!blocker && waiting.length > 0) write(waiting.shift()!);
  };

  const rejected = (query: Query, error: unknown) => {
    if (isConnectionLost(error) || (!isConnected && query.state === null)) lose(error);
    const unwritten = writing;
    if (unwritten === undefined || unwritten === query) return;
    // The driver could not write that one, told this one instead, and expects one answer too many.
    writing = undefined;
    unwritten.reject(error);
    lose(error);
  };

  return {
    send: (query, refusal) => {
      if (lost !== undefined) return query.reject(lost);
      pending.add(query);
      watch(query, { rejected, settled });
      if (blocker || waiting.length > 0) waiting.push({ query, refusal });
      else write({ query, refusal });
    },
    close: () => driver.end({ timeout: 1 }),
  };
}

/** Tells at once when the driver rejects a query, and a moment after it has answered it, when the driver is done with it. */
function watch(query: Query, on: { rejected(query: Query, error: unknown): void; settled(query: Query): void }): void {
  const { reject } = query;
  query.reject = (error) => {
    reject(error);
    on.rejected(query, error);
  };
  const done = () => on.settled(query);
  query.then(done, done);
}

const asLost = (error: unknown): unknown =>
  isConnectionLost(error)
    ? error
    : Object.assign(new Error('The connection was lost.', { cause: error }), { code: 'CONNECTION_CLOSED' });
