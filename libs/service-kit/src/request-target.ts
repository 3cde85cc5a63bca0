import { Decimal, type Endpoint } from '@punchcard/contracts';

/** What a client of ours sends, whichever endpoint it is for. */
export interface Outgoing {
  params?: unknown;
  query?: unknown;
  body?: unknown;
}

const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

/** The path of an endpoint with its parameters filled in, without the query. */
export function pathOf({ id, path }: Endpoint, params: unknown): string {
  const values = record(params);
  return path.replace(/\{(\w+)\}/g, (_match, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`${id} needs the parameter ${name}`);
    return encodeURIComponent(String(value));
  });
}

/** `?a=1&b=2`, or nothing. */
export function queryOf(query: unknown): string {
  const pairs = Object.entries(record(query)).filter(([, value]) => value !== undefined);
  const text = new URLSearchParams(pairs.map(([name, value]): [string, string] => [name, String(value)])).toString();
  return text === '' ? '' : `?${text}`;
}

/** JSON in which a `Decimal` is the number that it is. */
export const writeJson = (body: unknown): string =>
  JSON.stringify(body, function replace(this: Record<string, unknown>, key: string, value: unknown) {
    // `value` went through toJSON already; the original is still in its place.
    const original = this[key];
    return original instanceof Decimal ? rawJson(`${original.digits}e-${original.scale}`) : value;
  });

const { rawJSON: rawJson } = JSON as unknown as { rawJSON: (text: string) => unknown };
