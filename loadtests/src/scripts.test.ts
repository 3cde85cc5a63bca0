import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { adviceOn } from './advice.ts';
import { scripts } from './folders.ts';
import { readyK6 } from './k6.ts';

const folder = mkdtempSync(join(tmpdir(), 'punchcard-scripts-'));
afterAll(() => rmSync(folder, { recursive: true }));

const pushedFile = join(folder, 'pushed.json');
writeFileSync(pushedFile, '[{}]');
const contextFile = join(folder, 'context.json');

/** All that any script is told. */
writeFileSync(
  contextFile,
  JSON.stringify({
    ...{
      baseUrl: 'http://127.0.0.1:1',
      baseUrls: ['http://127.0.0.1:1'],
      secondUrl: null,
      victimUrl: 'http://127.0.0.1:2',
    },
    ...{ run: 'a', partners: [{}], canary: {}, canarySeconds: 1, hasPairs: true, thinkSeconds: 1 },
    ...{ vus: 10, seconds: 60, rate: 150, makers: 1, sizes: [1, 1_000], rounds: 1 },
    ...{ steps: [10, 20], stepSeconds: 5, warmUpSeconds: 5, warmUpRate: 10, breakMs: 250 },
    ...{ count: 1, pushedFile, control: 'http://127.0.0.1:3', countdownTime: '5s', maxDuration: '1m' },
    totals: { sold: 1, redeemed: 1, stamps: 1, handed: 0, vouchers: 0, codes: 0 },
    cases: [{ name: 'standard', tier: 'standard', quota: 2_000, limit: 25, attempts: 2_100, countdown: 30, vus: 10 }],
  }),
);

interface Inspected {
  scenarios: Record<string, unknown>;
  thresholds: Record<string, unknown>;
}

const k6 = readyK6();
const names = readdirSync(scripts)
  .filter((file) => file.endsWith('.js'))
  .map((file) => file.replace('.js', ''));
// Building it is not for a unit test; `.ci/run` has it.
const itWithK6 = k6 === null ? it.skip : it;

describe.each(names)('the script %s', (name) => {
  itWithK6('is one that k6 can run, and has a word for whoever meets a threshold that it missed', () => {
    const script = join(scripts, `${name}.js`);
    const { stdout, stderr, status } = spawnSync(k6!, ['inspect', '--env', `CONTEXT=${contextFile}`, script], {
      encoding: 'utf8',
    });

    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const { scenarios, thresholds } = JSON.parse(stdout) as Inspected;
    expect(Object.keys(scenarios)).not.toEqual([]);
    expect(Object.keys(thresholds)).toContain('checks');
    expect(Object.keys(thresholds).filter((metric) => adviceOn(metric) === null)).toEqual([]);
  });
});
