import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { readyK6 } from '../loadtests/src/k6.ts';
import { running } from './given.ts';

const repository = resolve(import.meta.dirname, '..');
const out = mkdtempSync(join(tmpdir(), 'punchcard-loadtests-'));
afterAll(() => rmSync(out, { recursive: true }));

/** A load test against our stack, as a person starts it. One that hangs is stopped, and what it said is told. */
async function loadTest(name: string, options: string[], timeoutMs: number) {
  const { baseUrl, adminKey } = running();
  const folder = join(out, name);
  const dir = process.env['E2E_DIR'] ?? '.local/e2e';
  const child = spawn(process.execPath, ['loadtests/run.ts', name, '--dir', dir, '--out', folder, ...options], {
    cwd: repository,
    env: { ...process.env, PUNCHCARD_BASE_URL: baseUrl, PUNCHCARD_ADMIN_KEY: adminKey, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: timeoutMs,
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (said += text.toString()));
  const code = await new Promise((done) => child.once('close', done));
  // What it said is what tells why it failed.
  if (code !== 0) process.stderr.write(said);
  const file = join(folder, 'result.json');
  if (!existsSync(file)) throw new Error(`It ended with ${code} and no result, and said: ${said}`);
  const { parts } = JSON.parse(readFileSync(file, 'utf8')) as Result;
  const missed = parts.flatMap(({ name, thresholds }) =>
    thresholds.filter(({ ok, metric }) => !ok && !metric.endsWith('_ms')).map((one) => ({ script: name, ...one })),
  );
  return { code, scripts: parts.map(({ name }) => name), missed };
}

interface Result {
  parts: { name: string; thresholds: { metric: string; ok: boolean }[] }[];
}

/** k6's own codes: all thresholds held, or some did not. How long things took is not for a test to say; all else is looked at. */
const ranToTheEnd = [0, 99];

// Not on every machine: `.ci/run` builds it where there is Go.
const hasK6 = readyK6() !== null;
if (!hasK6) process.stderr.write('There is no k6 (npm run loadtest -- k6): the load tests are not tried.\n');

(hasK6 ? describe : describe.skip)('load tests, for a moment each', () => {
  it('sell, stamp, redeem and send again, and find all of it once', async () => {
    const { code, scripts, missed } = await loadTest('checkout', ['--vus', '8', '--duration', '15s'], 160_000);

    expect(ranToTheEnd).toContain(code);
    expect({ scripts, missed }).toEqual({ scripts: ['checkout-push', 'checkout-verify'], missed: [] });
  }, 180_000);

  it('let in as many requests at once as a plan says, also when a gateway dies', async () => {
    const { code, scripts, missed } = await loadTest('concurrency', ['--tiers', 'standard'], 220_000);

    expect(ranToTheEnd).toContain(code);
    expect({ scripts, missed }).toEqual({ scripts: ['concurrency'], missed: [] });
  }, 240_000);
});
