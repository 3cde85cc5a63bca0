import { medians } from './numbers.ts';
import type { Options } from './options.ts';

export interface Side<T> {
  name: string;
  run(round: number): Promise<T>;
}

/**
 * Measures the sides in turn, round after round, each second round in the opposite order: what the machine does meanwhile meets
 * all of them. Gives the medians of each side.
 */
export async function takeTurns<T extends { [key in keyof T]: number }>(
  sides: readonly Side<T>[],
  { rounds }: Options,
): Promise<Map<string, T>> {
  const measured = new Map<string, T[]>(sides.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const { name, run } of round % 2 === 0 ? sides : sides.toReversed()) {
      process.stderr.write(`  round ${round + 1} of ${rounds}: ${name}\n`);
      measured.get(name)!.push(await run(round));
    }
  }
  return new Map([...measured].map(([name, of]) => [name, medians(of)]));
}
