/**
 * Our gateway beside nginx, haproxy, Caddy and express-gateway: each knows keys, counts calls against a limit that never fires
 * and hands a GET on to the same upstream (500 bytes of JSON). Each has one core; wrk, the upstream, Redis and Kafka share the
 * other. `node benchmarks/gateway.ts [--quick]`
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { anyPorts, startParts } from '@punchcard/local';
import { moveAside, pinningNote } from './lib/cores.ts';
import { cpuSecondsOf } from './lib/cpu.ts';
import { benchFolder } from './lib/folders.ts';
import { ms, times, whole } from './lib/numbers.ts';
import { readOptions } from './lib/options.ts';
import { report } from './lib/report.ts';
import { takeTurns, type Side } from './lib/rounds.ts';
import { wrk, type Load } from './lib/wrk.ts';
import { caddy } from './peers/caddy.ts';
import { expressGateway } from './peers/express-gateway.ts';
import { haproxy } from './peers/haproxy.ts';
import { nginx, startUpstream } from './peers/nginx.ts';
import type { Peer } from './peers/peer.ts';
import { ourGateway } from './peers/our-gateway.ts';

const path = '/api/agent/v1/partner/cards';
const ourName = 'Punchcard gateway';
const callers = 100;
/** Enough partners of the enterprise plan (10,000 calls an hour) for all rounds of a core that serves 25,000 a second. */
const partnersFor = (seconds: number) => Math.max(8, Math.ceil((seconds * 25_000) / 10_000));
/** One caller is served 5,000 times a second at most, for some 3 s. */
const partnersOfOne = 2;

const options = readOptions({ rounds: 3, seconds: 5 });
moveAside();
const parts = await startParts({ dir: benchFolder('stack'), ports: anyPorts(), only: ['redis', 'kafka'] });
const body = JSON.stringify({
  error: false,
  data: Array.from({ length: 4 }, (_, n) => ({ id: n, name: 'x'.repeat(88) })),
});
const upstream = await startUpstream(body);
if (typeof upstream === 'string') throw new Error(`The upstream is nginx. ${upstream}`);

const perRun = partnersFor(options.seconds + 1);
const warmUps = Math.ceil(options.warmSeconds / options.seconds);
const partners = perRun * (options.rounds * 2 + warmUps);
// The most that the contract allows a key, and so many that a key's minute is never asked about.
const ours = ourGateway({ name: ourName, parts, partners, callsPerMinute: 1_000 });
const unbound = ourGateway({
  name: `${ourName}, keys without a minute's limit`,
  parts,
  partners,
  callsPerMinute: 1_000_000,
});
const all = [ours, unbound];
const express = expressGateway(parts.redisUrl);
const notes = [...pinningNote];
const started: { peer: Peer; url: string; pid: number; stop(): Promise<void> }[] = [];
for (const peer of [nginx, haproxy, caddy, express, ...all]) {
  const begun = await peer.start({ upstream, keys: ours.keys }).catch((error: Error) => {
    if (all.some((one) => one === peer)) throw error;
    return `${peer.name}: ${error.message}`;
  });
  if (typeof begun === 'string') notes.push(`Left out: ${begun}`);
  else started.push({ peer, ...begun });
}

const used = new Map<Peer, number>();
/**
 * Our gateway limits for real, so each of its runs has partners that nobody has used. One caller has no more of them than its calls
 * need: a key that comes by once a second is asked about each time, and a till has one key.
 */
function headersFor(peer: Peer, connections: number): string {
  const file = join(benchFolder('run'), 'headers.txt');
  const own = all.find((one) => one === peer);
  const run = used.get(peer) ?? 0;
  used.set(peer, run + 1);
  const keys = (own ?? ours).partners.slice(own ? run * perRun : 0).slice(0, perRun);
  if (keys.length < perRun) throw new Error('There are not enough partners for so many runs');
  const needed = connections === 1 ? keys.slice(0, partnersOfOne) : keys;
  const lines =
    peer === express
      ? [`Authorization: ${express.authorization()}`]
      : needed.flat().map((key) => `X-Agent-Key: ${key}`);
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

type Costly = Load & { cpuMicros: number };

/** Also with what the proxy's own processes used, which a busy machine changes least. After a second in which keys become known. */
async function load(peer: Peer, { url, pid }: { url: string; pid: number }, connections: number): Promise<Costly> {
  const seconds = connections === 1 ? Math.ceil(options.seconds / 2) : options.seconds;
  const run = { url, connections, script: 'read', args: [path, headersFor(peer, connections)] };
  await wrk({ ...run, seconds: 1 });
  const before = cpuSecondsOf(pid);
  const found = await wrk({ ...run, seconds });
  if (found.perSecond === 0) notes.push(`${peer.name} answered nothing in one of the rounds.`);
  return { ...found, cpuMicros: ((cpuSecondsOf(pid) - before) * 1e6) / (found.perSecond * seconds) };
}

const sideOf = <T>(name: string, run: Side<T>['run']): Side<T> => ({ name, run });
for (let n = 0; n < warmUps; n++) for (const of of started) await load(of.peer, of, callers);
const many = await takeTurns<Costly>(
  started.map((of) => sideOf(of.peer.name, () => load(of.peer, of, callers))),
  options,
);
const one = await takeTurns<Load>(
  [
    sideOf('no proxy', () => load(nginx, upstream, 1)),
    ...started.map((of) => sideOf(of.peer.name, () => load(of.peer, of, 1))),
  ],
  options,
);

const perSecond = (name: string) => many.get(name)?.perSecond;
const [our = NaN, free = NaN] = [perSecond(ourName), perSecond(unbound.name)];
const [best, slow] = [perSecond('nginx'), perSecond('express-gateway') || undefined];
/** Judged by keys with the contract's limits; the peers' figures, which the goals come from, had limits that are never near. */
const both = (show: (of: number) => string, of: readonly [number, number]) =>
  `${show(of[0])} (${show(of[1])} without a minute's limit)`;
const direct = one.get('no proxy')!.p50;
const added = (name: string) => one.get(name)!.p50 - direct;
report('gateway', options, {
  tables: [
    {
      title: `Reverse proxies on one core, ${callers} callers`,
      columns: [
        '',
        'what it checks',
        'calls/s',
        'CPU µs a call',
        'share of nginx',
        'p50 ms',
        'p99 ms',
        'added p50, 1 caller, ms',
      ],
      rows: started.map(({ peer: { name, job } }) => {
        const { perSecond: rate, p50, p99, cpuMicros } = many.get(name)!;
        const share = best === undefined ? '–' : (rate / best).toFixed(2);
        return [name, job, whole(rate), cpuMicros.toFixed(0), share, ms(p50), ms(p99), added(name).toFixed(2)];
      }),
    },
  ],
  goals: [
    {
      goal: 'gateway, all checks on: ≥ 0.25 × nginx on one core (2.5 × the share of Tyk with a quota in Redis, 0.10)',
      measured: best === undefined ? 'no nginx here' : both(times, [our / best, free / best]),
      isMet: best === undefined ? null : our / best >= 0.25,
    },
    {
      goal: 'gateway: ≥ 15 × express-gateway',
      measured: slow === undefined ? 'no express-gateway here' : both(times, [our / slow, free / slow]),
      isMet: slow === undefined ? null : our / slow >= 15,
    },
    {
      goal: 'gateway: added p50 ≤ 0.35 ms on one connection',
      measured: both((of) => `${of.toFixed(2)} ms`, [added(ourName), added(unbound.name)]),
      isMet: added(ourName) <= 0.35,
    },
  ],
  notes,
});
for (const { stop } of started) await stop();
await upstream.stop();
await parts.stop();
process.exit();
