import type { JsonSchema } from './json-schema.ts';

/** Parts of a document that operations refer to. */
export interface Shelf {
  /** Puts a part on the shelf, or finds its equal there. `names`: what it may be called, best first. */
  put(part: JsonSchema, names: readonly string[]): JsonSchema;
  all(): Record<string, JsonSchema>;
}

/** One kind of components. `start` are those with fixed names. */
export function createShelf(kind: 'schemas' | 'responses', start: Readonly<Record<string, JsonSchema>> = {}): Shelf {
  const parts = new Map(Object.entries(start));
  const nameByText = new Map(Object.entries(start).map(([name, part]) => [JSON.stringify(part), name]));
  return {
    put: (part, names) => {
      const text = JSON.stringify(part);
      const name = nameByText.get(text) ?? freeName(names, parts);
      parts.set(name, part);
      nameByText.set(text, name);
      return { $ref: `#/components/${kind}/${name}` };
    },
    all: () => Object.fromEntries([...parts].toSorted(([a], [b]) => (a < b ? -1 : 1))),
  };
}

function freeName(names: readonly string[], taken: ReadonlyMap<string, unknown>): string {
  const free = names.find((name) => !taken.has(name));
  if (free !== undefined) return free;
  for (let n = 2; ; n += 1) if (!taken.has(`${names.at(-1)}${n}`)) return `${names.at(-1)}${n}`;
}
