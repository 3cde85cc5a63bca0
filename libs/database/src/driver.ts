import net from 'node:net';
import postgres from 'postgres';
import { arrayTypeOf, arrayTypes, parseArray, serializeArray } from './arrays.ts';

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
  typed(value: unknown, type: number): unknown;
  options: postgres.ParsedOptions & { shared: { typeArrayMap: Record<number, number> } };
}

export type DriverOptions = postgres.Options<Record<string, postgres.PostgresType>>;

/** A driver that never connects, for making queries and as the pattern of those that do. */
export function createPattern(url: string, options: DriverOptions): Driver {
  const pattern = postgres(url, { ...options, ...oneConnection }) as unknown as Driver;
  const { parsers, serializers, shared } = pattern.options;
  for (const [type, arrayType] of Object.values(arrayTypes)) {
    const { [type]: parse = String } = parsers;
    const { [type]: serialize = String } = serializers;
    parsers[arrayType] = (text: string) => parseArray(text, parse);
    serializers[arrayType] = (items: unknown) => (Array.isArray(items) ? serializeArray(items, serialize) : items);
    shared.typeArrayMap[type] = arrayType;
  }
  return pattern;
}

/** A driver of its own for one connection, which it makes when the first query is sent. */
export const createDriver = ({ options }: Driver, onclose: () => void): Driver =>
  postgres({ ...options, onclose } as unknown as DriverOptions) as unknown as Driver; // Parsed options are taken as they are.

/** A template tag and `unsafe` whose queries go through `own`; all else is the pattern's. */
export function createMaker(pattern: Driver, own: (query: Query) => Query): Driver {
  const make = (first: unknown, ...rest: unknown[]) => {
    if (!isTemplate(first)) return pattern(first, ...rest);
    const query = pattern(first, ...rest.map((value) => withType(pattern, value))) as Query;
    const origin = originOf(first, make);
    Reflect.defineProperty(query, 'origin', { get: () => origin.stack });
    return own(query);
  };
  const unsafe = (...args: Parameters<Driver['unsafe']>) => own(pattern.unsafe(...args));
  return Object.assign(make, pattern, { unsafe });
}

const origins = new WeakMap<object, Error>();

/** Where a statement is written, for the stacks of its errors; the driver's own look ends in this file. */
function originOf(template: object, make: (first: unknown) => unknown): Error {
  let origin = origins.get(template);
  if (!origin) {
    origin = new Error();
    Error.captureStackTrace(origin, make);
    origins.set(template, origin);
  }
  return origin;
}

const isTemplate = (first: unknown): first is TemplateStringsArray => Array.isArray(first) && 'raw' in first;

/** The driver would announce an array of instants as one instant. */
function withType(pattern: Driver, value: unknown): unknown {
  const type = Array.isArray(value) ? arrayTypeOf(value) : undefined;
  return type === undefined ? value : pattern.typed(value, type);
}

const oneConnection = {
  max: 1,
  max_lifetime: null,
  max_pipeline: 1_000_000,
  no_subscribe: true,
  fetch_types: false,
  socket: ({ host: [host], port: [port], path }: postgres.ParsedOptions) => {
    const socket = new net.Socket(HIGH_WATER);
    socket.setNoDelay(true);
    return path ? socket.connect(path) : Object.assign(socket.connect(Number(port), String(host)), { host });
  },
};

// A batch of any size is written at once; the driver would wait for an answer between two statements.
const HIGH_WATER: net.SocketConstructorOpts & { writableHighWaterMark: number } = { writableHighWaterMark: 2 ** 26 };
