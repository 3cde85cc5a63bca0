import { adviceOn } from './advice.ts';
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
  /** What to do about it, where it was missed. */
  advice?: string;
}

/** `p(99)<1000`, `count==0`, `rate<0.001`: the figure that is meant. */
function measuredOf(threshold: string, metric: Metric): number | null {
  const stat = /^[a-z]+(\([\d.]+\))?/.exec(threshold.trim())?.[0] ?? '';
  const value = stat === 'rate' && metric['count'] === undefined ? metric['value'] : metric[stat];
  return value ?? null;
}

/** They hold always: a script names them so that k6 keeps the figures of a step. */
const keepsFigures = ['count>=0', 'rate<=1'];

function adviceFor(metric: string, ok: boolean): { advice?: string } {
  const advice = ok ? null : adviceOn(metric);
  return advice === null ? {} : { advice };
}

/** All thresholds of a script, those that were missed first. */
export const judgedOf = (metrics: Metrics): Judged[] =>
  Object.entries(metrics)
    .flatMap(([name, metric]) =>
      Object.entries(metric?.thresholds ?? {}).map(([threshold, { ok }]) => ({
        ...{ metric: name, threshold, measured: measuredOf(threshold, metric!), ok, ...adviceFor(name, ok) },
      })),
    )
    .filter(({ threshold }) => !keepsFigures.includes(threshold))
    .toSorted((a, b) => Number(a.ok) - Number(b.ok) || a.metric.localeCompare(b.metric));

/** Each advice once: often several thresholds break for one reason. */
export const adviceIn = (judged: readonly Judged[]): string[] => [
  ...new Set(judged.flatMap(({ advice }) => (advice === undefined ? [] : [advice]))),
];

/** As exact as it must be: to tell 0.9999 from 1, and 10,001 calls from 10,000. */
const figure = (value: number): string =>
  value.toLocaleString('en-US', value < 1 ? { maximumSignificantDigits: 6 } : { maximumFractionDigits: 1 });

/** What the terminal says of a part: which thresholds were missed by how much, what was not always true, what to do. */
export function misses({ name, metrics, failedChecks }: Part): string[] {
  const missed = judgedOf(metrics ?? {}).filter(({ ok }) => !ok);
  return [
    ...missed.map(({ metric, threshold, measured }) => {
      const was = measured === null ? 'was not measured' : `was ${figure(measured)}`;
      return `  ${name}: ${metric} was to be ${threshold}, and ${was}`;
    }),
    ...failedChecks.map(({ name: check, passes, fails }) => {
      return `  ${name}: not always true: ${check} (${fails} of ${passes + fails})`;
    }),
    ...adviceIn(missed).map((text) => `    > ${text}`),
  ];
}

/** What an exit code says. */
export function verdictOf(code: number): string {
  if (code === 0) return 'passed';
  if (code === 99) return 'failed: a threshold was missed';
  return code === 130 ? 'stopped before its end' : `could not be run to its end (exit code ${code})`;
}

/** Of the lines of a chart, on white and on black. */
const colours = [
  ['#1976d2', '#64b5f6'],
  ['#ef6c00', '#ffb74d'],
  ['#7b1fa2', '#ce93d8'],
  ['#2e7d32', '#81c784'],
  ['#c2185b', '#f48fb1'],
  ['#00838f', '#4dd0e1'],
  ['#6d4c41', '#bcaaa4'],
  ['#827717', '#dce775'],
];
const named = (dark: 0 | 1) => colours.map((pair, n) => `--line-${n}: ${pair[dark]};`).join(' ');
const lineStyles = colours.map(
  (_, n) => `.line-${n} { stroke: var(--line-${n}); } .key-${n}::before { background: var(--line-${n}); }`,
);

const style = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; --grid: #8884; --bad: #c62828; --good: #2e7d32; ${named(0)} }
@media (prefers-color-scheme: dark) { :root { --bad: #ef9a9a; --good: #a5d6a7; ${named(1)} } }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; margin-bottom: 0; } h2 { margin-top: 2.5rem; }
table { border-collapse: collapse; overflow-wrap: normal; } th, td { text-align: left; vertical-align: top; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid var(--grid); }
.number { text-align: right; font-variant-numeric: tabular-nums; } .number, td.ok, td.missed, code { white-space: nowrap; }
.ok { color: var(--good); } .missed { color: var(--bad); font-weight: 600; }
pre { white-space: pre-wrap; } figure { margin: 1.5rem 0; } svg { width: 100%; height: auto; font-size: 12px; fill: currentColor; }
.grid { stroke: var(--grid); } .line { fill: none; stroke-width: 2; } .key { white-space: nowrap; }
.key::before { content: ""; display: inline-block; width: .8em; height: .8em; margin: 0 .3em 0 .8em; }
${lineStyles.join('\n')}
@media (max-width: 40rem) { svg { font-size: 22px; } .line { stroke-width: 3; } th, td { padding-right: .5rem; } }
`;

const rowOf = ({ metric, threshold, measured, ok }: Judged): string =>
  `<tr><td class="${ok ? 'ok' : 'missed'}">${ok ? 'held' : 'MISSED'}</td><td>${escape(metric).replaceAll('_', '_<wbr>')}</td>` +
  `<td><code>${escape(threshold)}</code></td><td class="number">${measured === null ? '–' : figure(measured)}</td></tr>`;

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
  const table = `<table><tr><th></th><th>metric</th><th>threshold</th><th class="number">measured</th></tr>
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
  const missed = parts.flatMap(misses);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escape(title)}</title><style>${style}</style></head>
<body>
<h1 class="${code === 0 ? 'ok' : 'missed'}">${escape(title)}</h1>
<p>${escape(baseUrl)}, ${escape(startedAt)}, ${Math.round(seconds)} s with preparation</p>
${missed.length > 0 ? `<pre class="missed">${escape(missed.join('\n'))}</pre>` : ''}
<pre>${escape(said.join('\n'))}</pre>
${charts.map(svgOf).join('\n')}
${parts.map(sectionOf).join('\n')}
</body></html>
`;
}
