import net from 'node:net';
import postgres from 'postgres';

/**
 * What we use of postgres.js beyond its types: it writes the protocol, on one connection. Its version is pinned, and the
 * integration tests prove that it still behaves so.
 */
export interface Query extends Promise<postgres.RowList<postgres.Row[]>> {
  /** Sends it; called once, when somebody awaits the query. */
  handler: (query: Query) => void;
  resolve: (result: unknown) => void;
  reject: (error: unknown) => void;
  /** The server process that it was sent to; null before. */
  state: unknown;
  /** Its text with `$1` for values, once it was sent. */
  string?: string;
  /** It was not prepared yet: nothing may be sent behind it before its answer. */
  describeFirst?: unknown;
  cursorFn?: unknown;
}

/** Makes queries; those that it made itself are sent on its one connection, others by `handler`. */
export interface Driver {
  (...args: unknown[]): unknown;
  unsafe(text: string, args?: unknown[], options?: { prepare?: boolean }): Query;
  end(options: { timeout: number }): Promise<void>;
  options: postgres.ParsedOptions & { shared: { typeArrayMap: object } };
}

/** Fragments are queries too, never sent by themselves. */
export const isQuery = (made: unknown): made is Query => made instanceof Promise;

export type DriverOptions = postgres.Options<Record<string, postgres.PostgresType>>;

/** A driver that is not connected, for making queries and as the pattern of those that are. */
export const createPattern = (url: string, options: DriverOptions): Driver =>
  postgres(url, { ...options, ...oneConnection }) as unknown as Driver;

/** A driver of its own for one connection, which it makes when the first query is sent. */
export function createDriver({ options }: Driver, onclose: () => void): Driver {
  // Parsed options are taken as they are; the array types that an earlier connection asked for are among them.
  const isFirst = Object.keys(options.shared.typeArrayMap).length === 0;
  const parsed = { ...options, onclose, fetch_types: isFirst };
  return postgres(parsed as unknown as DriverOptions) as unknown as Driver;
}

const oneConnection = {
  max: 1,
  max_lifetime: null,
  max_pipeline: 1_000_000,
  no_subscribe: true,
  socket: ({ host: [host], port: [port], path }: postgres.ParsedOptions) => {
    const socket = new net.Socket(HIGH_WATER);
    socket.setNoDelay(true);
    return path ? socket.connect(path) : Object.assign(socket.connect(Number(port), String(host)), { host });
  },
};

// A batch of any size is written at once; the driver would wait for an answer between two statements.
const HIGH_WATER: net.SocketConstructorOpts & { writableHighWaterMark: number } = { writableHighWaterMark: 2 ** 26 };
