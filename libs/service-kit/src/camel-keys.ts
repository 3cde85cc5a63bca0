type Camel<S> = S extends `${infer Head}_${infer Tail}` ? `${Head}${Capitalize<Camel<Tail>>}` : S & string;
type MaybeAbsent<T, K extends keyof T> = undefined extends T[K] ? K : never;

/** The fields of a body in code's case; one that may be absent stays so, and is never `undefined`. */
export type CamelKeys<T> = {
  [K in keyof T as Camel<Exclude<K, MaybeAbsent<T, K>>>]: T[K];
} & {
  [K in keyof T as Camel<MaybeAbsent<T, K>>]?: Exclude<T[K], undefined>;
};

/** Renames the fields of a body, not what is inside them: `club_id` > `clubId`. For things that have many fields. */
export function camelKeys<T extends object>(body: T): CamelKeys<T> {
  const present = Object.entries(body).filter(([, value]) => value !== undefined);
  return Object.fromEntries(present.map(([name, value]) => [camel(name), value])) as CamelKeys<T>;
}

const camel = (name: string): string => name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
