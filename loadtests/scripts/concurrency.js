/**
 * As many requests at once as the plan allows, and one more. Slow clients (held open by the runner, see src/slow-clients.ts) take
 * the slots; this script orders them, sends the calls that must be refused meanwhile, and judges.
 */
import { check, sleep } from 'k6';
import http from 'k6/http';
import { Counter, Rate, Trend } from 'k6/metrics';
import { agentHeaders, context, json, pairHeaders } from './lib/context.js';

const { cases, baseUrl, secondUrl, victimUrl, control } = context;

const refusal = new Trend('refusal_ms', true);
const back = new Trend('slots_back_ms', true);
const lapsed = new Trend('slots_back_after_kill_ms', true);
const refusalsRight = new Rate('refusals_right');
const finished = new Counter('cases_finished');

export const options = {
  scenarios: { all: { executor: 'per-vu-iterations', vus: 1, iterations: 1, maxDuration: '10m' } },
  thresholds: {
    // An exception ends the script, and k6 calls that a success.
    cases_finished: [`count==${cases.length}`],
    checks: ['rate==1'],
    refusals_right: ['rate==1'],
    // "At once": no queue in front of the limit.
    refusal_ms: ['p(95)<250', 'max<1000'],
    slots_back_ms: ['max<1000'],
    ...(victimUrl ? { slots_back_after_kill_ms: ['max<17000'] } : {}),
  },
  summaryTrendStats: ['min', 'med', 'p(95)', 'max', 'count'],
};

const order = (command, body = {}) => {
  const tags = { name: `runner: ${command}` };
  const response = http.post(`${control}/${command}`, JSON.stringify(body), { tags, timeout: '60s' });
  if (response.status !== 200) throw new Error(`${command}: ${response.body}`);
  return response.json();
};

const hold = (it, count, url = baseUrl) => {
  const held = order('hold', { url, key: it.agentKeys[0], count });
  for (const { status, code, ms } of held.refused) {
    refusal.add(ms);
    refusalsRight.add(status === 429 && code === 'CONCURRENT_LIMIT_EXCEEDED');
  }
  return held;
};

/**
 * Fills all slots, at one gateway or several. Slots that another gateway has on loan and does not use come back as soon as they are
 * asked for, not sooner: what the first burst does not get, a second one gets within a second.
 */
function fill(it, places) {
  const admitted = places.map(({ url, count }) => hold(it, count, url).admitted);
  for (let tried = 1; tried <= 5; tried++) {
    places.forEach(({ url, count }, n) => {
      if (admitted[n] >= count) return;
      sleep(0.2);
      admitted[n] += hold(it, count - admitted[n], url).admitted;
    });
  }
  const all = admitted.reduce((sum, count) => sum + count, 0);
  check(all, { 'gateways share the limit: all of it can be had': (count) => count === it.limit });
  mustBeRefused(it);
  return admitted;
}

/** One quick call with the n-th of the partner's keys, over either API. */
function call(it, n, url = baseUrl) {
  const params = { tags: { name: 'quick call' } };
  if (n % 2 === 1 && it.pairs.length > 0) {
    return http.get(`${url}/api/partners/analytics/overview`, { ...params, headers: pairHeaders(it.pairs[0]) });
  }
  const headers = agentHeaders(it.agentKeys[n % it.agentKeys.length]);
  return http.get(`${url}/api/agent/v1/partner/clubs`, { ...params, headers });
}

function judgeRefusal(response, it) {
  refusal.add(response.timings.duration);
  const body = json(response) || {};
  const { code, details } = body.error === true ? body : { code: body.error?.code, details: body.error };
  const isRight =
    response.status === 429 &&
    code === 'CONCURRENT_LIMIT_EXCEEDED' &&
    details?.limit === it.limit &&
    details.retry_after === 1 &&
    response.headers['Retry-After'] === '1' &&
    (response.headers['Ratelimit-Policy'] || '').includes(`"concurrent";q=${it.limit}`) &&
    (response.headers['Ratelimit'] || '').includes('"concurrent";r=0');
  refusalsRight.add(isRight);
  if (!isRight) console.error(`${it.tier}: not refused as it should be: ${response.status} ${response.body}`);
}

/** Every key, both APIs, every gateway: all share the slots. */
function mustBeRefused(it, times = 10) {
  for (let n = 0; n < times; n++) judgeRefusal(call(it, n, n % 3 === 2 && secondUrl ? secondUrl : baseUrl), it);
}

/** How long until a call is let in again. */
function untilLetIn(it, { within, every = 0.02, url = baseUrl }) {
  const since = Date.now();
  for (let n = 0; Date.now() - since < within; n++) {
    if (call(it, n, url).status !== 429) return Date.now() - since;
    sleep(every);
  }
  return Infinity;
}

const say = (it, what) => console.log(`${it.tier} (${it.limit} at once): ${what}`);

function fillAndEnd(it, how) {
  const { admitted, refused, slowest_ms: slowest } = hold(it, it.limit + 20);
  say(it, `${admitted} let in, ${refused.length} refused, the slowest after ${Math.round(slowest)} ms`);
  check(admitted, { 'exactly the limit is let in': (count) => count === it.limit });
  mustBeRefused(it);
  const { ended, statuses } = order('end', { how });
  const ms = untilLetIn(it, { within: 3_000 });
  back.add(ms);
  say(it, `${ended} ended by ${how} (${statuses}); the first call was let in after ${ms} ms`);
}

/** Slots that are held longer than a slot lives without being renewed (15 s) are still taken. */
function holdLong(it) {
  hold(it, it.limit);
  for (let second = 0; second < 20; second++) {
    sleep(1);
    mustBeRefused(it, 2);
  }
  order('end', { how: 'abort' });
  back.add(untilLetIn(it, { within: 3_000 }));
  say(it, 'all slots were held for 20 s, and stayed taken');
}

/** A service does not answer: the gateway gives up with 504, and the slots are free. */
function serviceTimesOut(it) {
  const [admitted] = fill(it, [{ url: victimUrl, count: it.limit }]);
  const { statuses } = order('end', { how: 'finish' });
  check(statuses, { 'a service that does not answer is 504': ([status, other]) => status === 504 && !other });
  const ms = untilLetIn(it, { within: 3_000 });
  back.add(ms);
  say(it, `${admitted} requests ended with ${statuses}; the first call was let in after ${ms} ms`);
}

/** A gateway dies: its slots come back when they lapse, and those of the others stay. */
function gatewayDies(it) {
  const here = Math.floor(it.limit * 0.4);
  const [there] = fill(it, [
    { url: victimUrl, count: it.limit - here },
    { url: baseUrl, count: here },
  ]);
  order('kill');
  const ms = untilLetIn(it, { within: 20_000, every: 0.1 });
  lapsed.add(ms);
  sleep(1);
  const { admitted, refused } = hold(it, there + 5);
  check(admitted, { 'as many come back as the dead gateway had': (count) => count === there });
  say(it, `killed -9 with ${there} slots: after ${ms} ms, ${admitted} were let in and ${refused.length} refused`);
  order('end', { how: 'abort' });
  order('restart');
}

export default function () {
  for (const it of cases) {
    for (const how of ['finish', 'abort', 'timeout', 'finish']) fillAndEnd(it, how);
    if (it === cases[0]) holdLong(it);
    if (it === cases[0] && victimUrl) {
      serviceTimesOut(it);
      gatewayDies(it);
      // The one that came back shares them again.
      fillAndEnd(it, 'abort');
    }
    finished.add(1);
  }
}
