import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Figures of a metric by their names in k6: `med`, `p(99)`, `count`. */
export type Metrics = Record<string, Record<string, number> | undefined>;

/** What k6 summed up at the end of a script. */
export const readSummary = (out: string, name: string): Metrics =>
  (JSON.parse(readFileSync(join(out, `${name}.json`), 'utf8')) as { metrics: Metrics }).metrics;
