import { escape, svgOf, type Chart } from './chart.ts';
import type { Sample } from './progress.ts';
import type { Check, Metric, Metrics } from './summary.ts';

/** One script that k6 ran. */
export interface Part {
  name: string;
  /** Of k6. */
  code: number;
  /** Null where k6 ended without a summary. */
  metrics: Metrics | null;
  failedChecks: readonly Check[];
  samples: readonly Sample[];
  /** Whether k6 made a report of its own, with more charts. */
  hasCharts: boolean;
}

/** A run, as it is kept: what ran where, and how it ended. */
export interface Result {
  name: string;
  baseUrl: string;
  startedAt: string;
  seconds: number;
  code: number;
  parts: readonly Part[];
  charts: readonly Chart[];
  /** What the runner said, line by line. */
  said: readonly string[];
}

export interface Judged {
  metric: string;
  threshold: string;
  measured: number | null;
  ok: boolean;
}

/** `p(99)<1000`, `count==0`, `rate<0.001`: the figure that is meant. */
function measuredOf(threshold: string, metric: Metric): number | null {
  const stat = /^[a-z]+(\([\d.]+\))?/.exec(threshold.trim())?.[0] ?? '';
  const value = stat === 'rate' && metric['count'] === undefined ? metric['value'] : metric[stat];
  return value ?? null;
}

/** They hold always: a script names them so that k6 keeps the figures of a step. */
const keepsFigures = ['count>=0', 'rate<=1'];

/** All thresholds of a script, those that were missed first. */
export const judgedOf = (metrics: Metrics): Judged[] =>
  Object.entries(metrics)
    .flatMap(([name, metric]) =>
      Object.entries(metric?.thresholds ?? {}).map(([threshold, { ok }]) => ({
        ...{ metric: name, threshold, ok, measured: measuredOf(threshold, metric!) },
      })),
    )
    .filter(({ threshold }) => !keepsFigures.includes(threshold))
    .toSorted((a, b) => Number(a.ok) - Number(b.ok) || a.metric.localeCompare(b.metric));

/** What an exit code says. */
export function verdictOf(code: number): string {
  if (code === 0) return 'passed';
  if (code === 99) return 'failed: a threshold was missed';
  return code === 130 ? 'stopped before its end' : `could not be run to its end (exit code ${code})`;
}

const style = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; --grid: #8884; --bad: #c62828; --good: #2e7d32; }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; margin-bottom: 0; } h2 { margin-top: 2.5rem; }
table { border-collapse: collapse; display: block; overflow-x: auto; } th, td { text-align: left; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid var(--grid); }
th.number, td.number { text-align: right; font-variant-numeric: tabular-nums; }
.ok { color: var(--good); } .missed { color: var(--bad); font-weight: 600; }
pre { overflow-x: auto; } figure { margin: 1.5rem 0; } svg { width: 100%; height: auto; font-size: 12px; fill: currentColor; }
.grid { stroke: var(--grid); } .line { fill: none; stroke-width: 2; } .line-0 { stroke: #1976d2; } .line-1 { stroke: #ef6c00; } .line-2 { stroke: #7b1fa2; }
.key::before { content: ""; display: inline-block; width: .8em; height: .8em; margin: 0 .3em 0 .8em; } .key-0::before { background: #1976d2; }
.key-1::before { background: #ef6c00; } .key-2::before { background: #7b1fa2; }
@media (prefers-color-scheme: dark) { :root { --bad: #ef9a9a; --good: #a5d6a7; } }
`;

/** As exact as it must be to tell 0.9999 from 1. */
const figure = (value: number): string => value.toLocaleString('en-US', { maximumSignificantDigits: 6 });

const rowOf = ({ metric, threshold, measured, ok }: Judged): string =>
  `<tr><td>${escape(metric)}</td><td><code>${escape(threshold)}</code></td>` +
  `<td class="number">${measured === null ? '–' : figure(measured)}</td>` +
  `<td class="${ok ? 'ok' : 'missed'}">${ok ? 'held' : 'MISSED'}</td></tr>`;

/** Calls a second and callers, between one look and the next. */
export function callsOverTime(samples: readonly Sample[]): Chart {
  const later = samples.slice(1);
  const rates = later.map(({ calls, seconds }, n) => {
    const before = samples[n]!;
    return Math.max(0, (calls - before.calls) / Math.max(0.001, seconds - before.seconds));
  });
  const lines = [
    { name: 'calls a second', values: rates },
    { name: 'callers', values: later.map(({ callers }) => callers) },
  ];
  return { title: 'Load', xTitle: 'seconds', yTitle: '', x: later.map(({ seconds }) => seconds), lines };
}

function sectionOf({ name, code, metrics, failedChecks, samples, hasCharts }: Part): string {
  const table = `<table><tr><th>metric</th><th>threshold</th><th class="number">measured</th><th></th></tr>
${judgedOf(metrics ?? {})
  .map(rowOf)
  .join('\n')}</table>`;
  const more = `<p><a href="${encodeURIComponent(name)}.html">All charts of k6</a></p>`;
  const failed = failedChecks.map(
    (check) => `<li>${escape(check.name)}: ${figure(check.fails)} of ${figure(check.passes + check.fails)}</li>`,
  );
  const notTrue = `<p class="missed">Not always true:</p><ul>${failed.join('')}</ul>`;
  return `<h2>${escape(name)}: ${verdictOf(code)}</h2>
${metrics ? table : '<p>k6 ended without a summary.</p>'}
${failed.length > 0 ? notTrue : ''}
${svgOf(callsOverTime(samples))}
${hasCharts ? more : ''}`;
}

/** The run as one page that needs nothing from anywhere. */
export function pageOf({ name, baseUrl, startedAt, seconds, code, parts, charts, said }: Result): string {
  const title = `${name}: ${verdictOf(code)}`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escape(title)}</title><style>${style}</style></head>
<body>
<h1 class="${code === 0 ? 'ok' : 'missed'}">${escape(title)}</h1>
<p>${escape(baseUrl)}, ${escape(startedAt)}, ${Math.round(seconds)} s with preparation</p>
<pre>${escape(said.join('\n'))}</pre>
${charts.map(svgOf).join('\n')}
${parts.map(sectionOf).join('\n')}
</body></html>
`;
}
