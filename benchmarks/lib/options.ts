import { parseArgs } from 'node:util';

export interface Options {
  /** One short round: shows that it works, measures nothing. */
  isQuick: boolean;
  /** Rounds in which the sides take turns; figures are medians of them. */
  rounds: number;
  /** Of one measurement of one side. */
  seconds: number;
  /** Of load before anything counts: Node compiles what is hot for some 15 s of it, and services run for weeks. */
  warmSeconds: number;
}

/** `--quick`, `--rounds 5`, `--seconds 10`; `usual` is what a benchmark takes so that all of it stays below some six minutes. */
export function readOptions(usual: { rounds: number; seconds: number }): Options {
  const { values } = parseArgs({
    options: { quick: { type: 'boolean', default: false }, rounds: { type: 'string' }, seconds: { type: 'string' } },
  });
  const standard = values.quick ? { rounds: 1, seconds: 2 } : usual;
  return {
    isQuick: values.quick,
    rounds: positive('--rounds', values.rounds) ?? standard.rounds,
    seconds: positive('--seconds', values.seconds) ?? standard.seconds,
    warmSeconds: values.quick ? 1 : 20,
  };
}

function positive(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`${name} must be a whole number from 1, not ${text}`);
  return value;
}
