import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Figures of a metric by their names in k6 (`med`, `p(99)`, `count`), and whether its thresholds held. */
export type Metric = Record<string, number> & { thresholds?: Record<string, { ok: boolean }> };
export type Metrics = Record<string, Metric | undefined>;

type Exported = Record<string, Omit<Metric, 'thresholds'> & { thresholds?: Record<string, boolean> }>;

/**
 * Rewrites what k6 exported: it says of each threshold whether it was *crossed*, so `true` is bad, which nobody guesses. Here it is
 * `{ ok }`, as in k6's own later formats.
 */
export function tellThresholds(metrics: Exported): Metrics {
  return Object.fromEntries(
    Object.entries(metrics).map(([name, { thresholds, ...figures }]) => {
      if (!thresholds) return [name, figures as Metric];
      const told = Object.entries(thresholds).map(([text, isCrossed]) => [text, { ok: !isCrossed }]);
      return [name, { ...figures, thresholds: Object.fromEntries(told) } as Metric];
    }),
  );
}

export interface Check {
  name: string;
  passes: number;
  fails: number;
}

export interface Summary {
  metrics: Metrics;
  /** Checks that were not always true. */
  failedChecks: Check[];
}

/** Makes k6's `<name>.json` readable; null where k6 ended without one. */
export function keepSummary(out: string, name: string): Summary | null {
  const file = join(out, `${name}.json`);
  if (!existsSync(file)) return null;
  const summary = JSON.parse(readFileSync(file, 'utf8')) as {
    metrics: Exported;
    root_group: { checks: Record<string, Check> };
  };
  const metrics = tellThresholds(summary.metrics);
  writeFileSync(file, JSON.stringify({ ...summary, metrics }, null, 2));
  const checks = Object.values(summary.root_group.checks);
  return { metrics, failedChecks: checks.filter(({ fails }) => fails > 0) };
}
