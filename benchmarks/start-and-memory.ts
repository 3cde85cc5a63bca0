/** A start of everything with data that are there, and what each service holds when idle. `node benchmarks/start-and-memory.ts` */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { anyPorts, startStack, type Stack } from '@punchcard/local';
import { benchFolder } from './lib/folders.ts';
import { median } from './lib/numbers.ts';
import { readOptions } from './lib/options.ts';
import { report } from './lib/report.ts';

const options = readOptions({ rounds: 3, seconds: 20 });
const start = () =>
  startStack({ dir: benchFolder('warm'), ports: anyPorts(), env: { ...process.env, LOG_LEVEL: 'warn' }, seed: true });

type Service = keyof Stack['services'];
const starts: number[] = [];
const sizes = new Map<Service, number[]>();

process.stderr.write('  the first start makes the data\n');
await (await start()).stop();
for (let round = 0; round < options.rounds; round++) {
  const since = performance.now();
  const stack = await start();
  starts.push((performance.now() - since) / 1_000);
  process.stderr.write(`  started in ${starts.at(-1)!.toFixed(1)} s; idle for ${options.seconds} s\n`);
  await sleep(options.seconds * 1_000);
  for (const [name, { pid }] of Object.entries(stack.services) as [Service, { pid: number }][]) {
    sizes.set(name, [...(sizes.get(name) ?? []), megabytesOf(pid)]);
  }
  await stack.stop();
}

/** Resident, as `ps` shows it. */
function megabytesOf(pid: number): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1024;
}

const idle = [...sizes].map(([name, of]) => [name, median(of)] as const).toSorted(([, a], [, b]) => b - a);
const most = idle[0]![1];
const seconds = median(starts);
report('start-and-memory', options, {
  tables: [
    {
      title: 'Warm start: PostgreSQL, Redis, Kafka and all services ready',
      columns: ['', 's'],
      rows: [['median', seconds.toFixed(1)]],
    },
    {
      title: `Resident memory after ${options.seconds} s without calls`,
      columns: ['service', 'MB'],
      rows: idle.map(([name, size]) => [name, size.toFixed(0)]),
    },
  ],
  goals: [
    { goal: 'warm start of everything ≤ 15 s', measured: `${seconds.toFixed(1)} s`, isMet: seconds <= 15 },
    { goal: 'idle memory ≤ 150 MB a service', measured: `at most ${most.toFixed(0)} MB`, isMet: most <= 150 },
  ],
});
process.exit();
