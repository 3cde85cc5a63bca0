/** A source of chance that always gives the same for the same name: sample data are equal on every machine. */
export type Random = {
  /** In [0, 1). */
  next(): number;
  /** An integer, both ends included. */
  int(from: number, to: number): number;
  pick<T>(items: readonly T[]): T;
  /** One of the items, each as likely as its weight says. */
  weighted<T>(items: readonly T[], weights: readonly number[]): T;
  isTrue(probability: number): boolean;
  /** Normally distributed, mean 0, deviation 1. */
  normal(): number;
};

// FNV-1a spreads a short name over the four words of the generator's state.
const hash = (text: string): number => {
  let value = 0x811c9dc5;
  for (const char of text) value = Math.imul(value ^ (char.codePointAt(0) ?? 0), 0x01000193);
  return value >>> 0;
};

// sfc32 (Chris Doty-Humphrey): small, fast, passes PractRand.
const generator = (seed: string): (() => number) => {
  let [a, b, c, counter] = [hash(`${seed}1`), hash(`${seed}2`), hash(`${seed}3`), 1];
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return (sum >>> 0) / 2 ** 32;
  };
  for (let round = 0; round < 12; round++) next();
  return next;
};

export const randomOf = (seed: string): Random => {
  const next = generator(seed);
  const pick = <T>(items: readonly T[]): T => {
    const item = items[Math.floor(next() * items.length)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  };
  return {
    next,
    pick,
    int: (from, to) => from + Math.floor(next() * (to - from + 1)),
    isTrue: (probability) => next() < probability,
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    weighted: (items, weights) => {
      let left = next() * weights.reduce((sum, weight) => sum + weight, 0);
      const index = weights.findIndex((weight) => (left -= weight) < 0);
      return items[index] ?? pick(items);
    },
  };
};

/** A UUIDv7 of that instant, with its random part from `random`. */
export const uuidAt = (at: Date, random: Random): string => {
  const time = at.getTime().toString(16).padStart(12, '0');
  const hex = (digits: number) => Array.from({ length: digits }, () => random.int(0, 15).toString(16)).join('');
  const variant = (8 + random.int(0, 3)).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(3)}-${variant}${hex(3)}-${hex(12)}`;
};
