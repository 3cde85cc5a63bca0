import { describe, expect, it } from '@jest/globals';
import { callsOverTime, judgedOf, misses, pageOf, verdictOf, type Result } from './report.ts';
import { svgOf } from './chart.ts';

const metrics = {
  purchase_ms: { med: 12, 'p(99)': 1_400, count: 10, thresholds: { 'p(99)<1000': { ok: false } } },
  checks: { value: 1, passes: 9, thresholds: { 'rate==1': { ok: true } } },
  sold: { count: 9, rate: 0.5, thresholds: { 'count>0': { ok: true } } },
  'sold{scenario:step_15}': { count: 9, thresholds: { 'count>=0': { ok: true } } },
  vus: { value: 3 },
} as never;

const samples = [
  { seconds: 0, calls: 0, callers: 0 },
  { seconds: 2, calls: 100, callers: 5 },
  { seconds: 4, calls: 300, callers: 5 },
];

describe('judgedOf', () => {
  it('shows each threshold that can be missed beside the figure it is about, the missed ones first', () => {
    expect(judgedOf(metrics)).toEqual([
      {
        ...{ metric: 'purchase_ms', threshold: 'p(99)<1000', measured: 1_400, ok: false },
        advice: expect.stringContaining('Answers come late'),
      },
      { metric: 'checks', threshold: 'rate==1', measured: 1, ok: true },
      { metric: 'sold', threshold: 'count>0', measured: 9, ok: true },
    ]);
  });
});

describe('verdictOf', () => {
  it.each([
    [0, 'passed'],
    [99, 'failed: a threshold was missed'],
    [130, 'stopped before its end'],
    [107, 'could not be run to its end (exit code 107)'],
  ])('of %i is "%s"', (code, verdict) => {
    expect(verdictOf(code)).toBe(verdict);
  });
});

describe('misses', () => {
  it('says which threshold broke, by how much, and what to do', () => {
    const failedChecks = [{ name: 'a repeat is the first answer again', passes: 9, fails: 1 }];
    const part = { ...{ name: 'checkout-push', code: 99, metrics, samples, hasCharts: true }, failedChecks };

    expect(misses(part)).toEqual([
      '  checkout-push: purchase_ms was to be p(99)<1000, and was 1,400',
      '  checkout-push: not always true: a repeat is the first answer again (1 of 10)',
      expect.stringMatching(/^    > Answers come late/),
    ]);
  });
});

describe('callsOverTime', () => {
  it('is the rate between two looks', () => {
    expect(callsOverTime(samples)).toMatchObject({ x: [2, 4], lines: [{ values: [50, 100] }, { values: [5, 5] }] });
  });
});

describe('svgOf', () => {
  it('draws nothing of a single point', () => {
    expect(svgOf({ ...callsOverTime(samples.slice(0, 2)) })).toBe('');
  });

  it('has no number that is none', () => {
    const flat = { title: '', xTitle: '', yTitle: '', x: [1, 2], lines: [{ name: 'a', values: [0, 0] }] };

    expect(svgOf(flat)).not.toMatch(/NaN|Infinity|undefined/);
  });
});

describe('pageOf', () => {
  const result: Result = {
    ...{
      name: 'checkout',
      baseUrl: 'http://127.0.0.1:4000',
      startedAt: '2026-03-01T10:00:00.000Z',
      seconds: 30,
      code: 99,
    },
    ...{ charts: [], said: ['  partner <b>&', 'done'] },
    parts: [
      {
        ...{ name: 'checkout-push', code: 99, metrics, samples, hasCharts: true },
        failedChecks: [{ name: 'a repeat is the first answer again', passes: 9, fails: 1 }],
      },
      { name: 'checkout-verify', code: 107, metrics: null, failedChecks: [], samples: [], hasCharts: false },
    ],
  };

  it('tells the verdict, the thresholds, the parts without a summary, and runs nothing that was said', () => {
    const page = pageOf(result);

    expect(page).toContain('checkout: failed: a threshold was missed');
    expect(page).toContain('<td class="missed">MISSED</td>');
    expect(page).toContain('a repeat is the first answer again: 1 of 10');
    expect(page).toContain('purchase_ms was to be p(99)&lt;1000, and was 1,400');
    expect(page).toContain('Answers come late');
    expect(page).toContain('href="checkout-push.html"');
    expect(page).not.toContain('href="checkout-verify.html"');
    expect(page).toContain('k6 ended without a summary');
    expect(page).toContain('partner &lt;b&gt;&amp;');
  });
});
