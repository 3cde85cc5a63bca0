import type { Log } from './log.ts';

/** Resolves when the part is there; rejects, or gives false, when it is not. */
export type ReadinessCheck = () => unknown;

export interface Readiness {
  isReady: boolean;
  checks: Readonly<Record<string, 'ok' | 'failed'>>;
}

const CHECK_MS = 2_000;
const KEPT_MS = 1_000;

/** Asks every part, each for 2 s at most; the answer is kept for a second, so that nobody's probe is a load. */
export function createReadiness(checks: Readonly<Record<string, ReadinessCheck>>, log: Log): () => Promise<Readiness> {
  let last: { at: number; readiness: Promise<Readiness> } | undefined;
  const failing = new Set<string>();

  const ask = async (): Promise<Readiness> => {
    const names = Object.keys(checks);
    const outcomes = await Promise.all(
      names.map(async (name) => {
        const problem = await problemOf(checks[name]!);
        if (problem && !failing.has(name)) log.warn({ err: problem, check: name }, 'a part is not ready');
        if (!problem && failing.has(name)) log.info({ check: name }, 'a part is ready again');
        if (problem) failing.add(name);
        else failing.delete(name);
        return [name, problem ? 'failed' : 'ok'] as const;
      }),
    );
    return { isReady: outcomes.every(([, outcome]) => outcome === 'ok'), checks: Object.fromEntries(outcomes) };
  };

  return () => {
    if (!last || performance.now() - last.at > KEPT_MS) last = { at: performance.now(), readiness: ask() };
    return last.readiness;
  };
}

async function problemOf(check: ReadinessCheck): Promise<Error | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), CHECK_MS);
  });
  try {
    const outcome: unknown = await Promise.race([check(), late]);
    return outcome === false ? new Error(`said no, or nothing within ${CHECK_MS} ms`) : undefined;
  } catch (thrown) {
    return thrown instanceof Error ? thrown : new Error(String(thrown));
  } finally {
    clearTimeout(timer);
  }
}
