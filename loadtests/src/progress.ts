import { setTimeout as sleep } from 'node:timers/promises';

/** How far a script was at one moment. */
export interface Sample {
  seconds: number;
  calls: number;
  callers: number;
}

const sampleEveryMs = 2_000;
const showEveryMs = 10_000;

type Answered = { data: { id: string; attributes: { sample: Record<string, number> } }[] };

async function ask(api: string): Promise<Pick<Sample, 'calls' | 'callers'> | null> {
  try {
    const answer = await fetch(`${api}/v1/metrics`, { signal: AbortSignal.timeout(1_000) });
    const { data } = (await answer.json()) as Answered;
    const of = (id: string) => data.find((metric) => metric.id === id)?.attributes.sample;
    return { calls: of('http_reqs')?.['count'] ?? 0, callers: of('vus')?.['value'] ?? 0 };
  } catch {
    // It begins or ends just now.
    return null;
  }
}

const whole = (value: number): string => Math.round(value).toLocaleString('en-US');

/** What is shown while a script runs: how long, how much, and how fast since the line before. */
export function lineOf(now: Sample, before: Sample): string {
  const rate = (now.calls - before.calls) / Math.max(1, now.seconds - before.seconds);
  return `  ${whole(now.seconds)} s: ${whole(now.calls)} calls, ${whole(rate)} a second, ${whole(now.callers)} callers`;
}

/** Asks k6 how far it is, until `ended`. Shows a line from time to time, and gives all that was seen. */
export async function follow(api: string, ended: Promise<unknown>, say: (line: string) => void): Promise<Sample[]> {
  const seen: Sample[] = [{ seconds: 0, calls: 0, callers: 0 }];
  const since = performance.now();
  let shown = seen[0]!;
  let isOver = false;
  const end = ended.then(
    () => (isOver = true),
    () => (isOver = true),
  );
  for (;;) {
    await Promise.race([sleep(sampleEveryMs, undefined, { ref: false }), end]);
    if (isOver) return seen;
    const found = await ask(api);
    if (!found) continue;
    const sample = { seconds: (performance.now() - since) / 1_000, ...found };
    seen.push(sample);
    if (sample.seconds - shown.seconds < showEveryMs / 1_000) continue;
    say(lineOf(sample, shown));
    shown = sample;
  }
}
