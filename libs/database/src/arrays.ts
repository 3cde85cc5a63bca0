/** PostgreSQL's arrays as text. The driver's own reader makes the text "NULL" of a null. */

/** The array type of each type, by PostgreSQL's fixed numbers; so a new connection need not ask for them. */
export const arrayTypes = {
  boolean: [16, 1000],
  bytea: [17, 1001],
  bigint: [20, 1016],
  smallint: [21, 1005],
  int: [23, 1007],
  text: [25, 1009],
  json: [114, 199],
  real: [700, 1021],
  double: [701, 1022],
  varchar: [1043, 1015],
  date: [1082, 1182],
  timestamptz: [1184, 1185],
  numeric: [1700, 1231],
  uuid: [2950, 2951],
  jsonb: [3802, 3807],
} as const;

type Parse = (text: string) => unknown;

/** Reads `{1,NULL,"a \"b\""}`, nested ones too. */
export function parseArray(text: string, parse: Parse): unknown[] {
  let at = text.indexOf('{');

  const quoted = (): string => {
    let item = '';
    for (at += 1; text[at] !== '"'; at += 1) {
      if (text[at] === '\\') at += 1;
      item += text[at];
    }
    at += 1;
    return item;
  };

  const plain = (): string => {
    const start = at;
    while (text[at] !== ',' && text[at] !== '}') at += 1;
    return text.slice(start, at);
  };

  const item = (): unknown => {
    if (text[at] === '{') return list();
    if (text[at] === '"') return parse(quoted());
    const found = plain();
    return found === 'NULL' ? null : parse(found);
  };

  const list = (): unknown[] => {
    const items: unknown[] = [];
    at += 1;
    while (text[at] !== '}') {
      items.push(item());
      if (text[at] === ',') at += 1;
    }
    at += 1;
    return items;
  };
  return list();
}

// Asked first: to look costs a fifth of replacing nothing.
const SPECIAL = /[\\"]/;

/** Writes an array; its items by `serialize`. */
export function serializeArray(items: readonly unknown[], serialize: (item: unknown) => unknown): string {
  const texts = items.map((item) => {
    if (item === undefined) throw new TypeError('An item of an array is undefined.');
    if (item === null) return 'NULL';
    if (Array.isArray(item)) return serializeArray(item, serialize);
    const text = String(serialize(item));
    return SPECIAL.test(text) ? `"${text.replaceAll(/[\\"]/g, '\\$&')}"` : `"${text}"`;
  });
  return `{${texts.join(',')}}`;
}

/** The array type of items that the driver would announce as a single value; undefined for others, which the server names. */
export function arrayTypeOf(items: readonly unknown[]): number | undefined {
  const first = items.find((item) => item !== null);
  if (first instanceof Date) return arrayTypes.timestamptz[1];
  if (typeof first === 'boolean') return arrayTypes.boolean[1];
  if (typeof first === 'bigint') return arrayTypes.bigint[1];
  if (first instanceof Uint8Array) return arrayTypes.bytea[1];
  return undefined;
}
