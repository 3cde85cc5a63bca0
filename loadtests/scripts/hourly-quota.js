/**
 * Fresh partners use up their hourly quota, all at the same time: over both APIs, all their keys, all gateways. What the
 * partner was admitted in total must be its quota: never one call more, at most 1 % fewer.
 */
import { check } from 'k6';
import exec from 'k6/execution';
import http from 'k6/http';
import { Counter, Rate } from 'k6/metrics';
import { agentHeaders, context, json, pairHeaders } from './lib/context.js';

const { cases } = context;

const admitted = new Counter('admitted');
const refused = new Counter('refused');
const unclear = new Counter('unclear');
const headersRight = new Rate('headers_right');
const refusalsRight = new Rate('refusals_right');
const remainingFalls = new Rate('remaining_falls');
const countedDown = new Counter('counted_down');

const per = (make) => Object.fromEntries(cases.flatMap((it) => Object.entries(make(it))));

export const options = {
  scenarios: per(({ name, vus, attempts, countdown }) => ({
    [`${name}_countdown`]: {
      executor: 'per-vu-iterations',
      exec: 'countdown',
      vus: 1,
      iterations: 1,
      maxDuration: '2m',
      env: { CASE: name },
    },
    [name]: {
      executor: 'shared-iterations',
      exec: 'spend',
      vus,
      iterations: attempts - countdown,
      // The countdown has the partner to itself first.
      startTime: context.countdownTime,
      maxDuration: context.maxDuration,
      env: { CASE: name },
    },
  })),
  thresholds: {
    ...per(({ name, quota }) => ({
      [`admitted{case:${name}}`]: [`count<=${quota}`, `count>=${Math.ceil(quota * 0.99)}`],
      [`refused{case:${name}}`]: ['count>0'],
    })),
    // An exception ends an iteration, and k6 calls that a success.
    counted_down: [`count==${cases.length}`],
    unclear: ['count==0'],
    headers_right: ['rate==1'],
    refusals_right: ['rate==1'],
    remaining_falls: ['rate==1'],
    checks: ['rate==1'],
  },
  // One connection a VU and gateway; the answers' bodies are small.
  noVUConnectionReuse: false,
  summaryTrendStats: ['avg', 'med', 'p(95)', 'p(99)', 'max', 'count'],
};

const agentPaths = ['/api/agent/v1/partner/clubs', '/api/agent/v1/health', '/api/agent/v1/partner/cards/nothing'];

/** The n-th call of a case: gateways, keys and both APIs in turn, so that no key comes near its ceiling a minute. */
function call({ agentKeys, pairs, baseUrls }, n) {
  const baseUrl = baseUrls[n % baseUrls.length];
  const turn = Math.floor(n / baseUrls.length) % (agentKeys.length + pairs.length);
  if (turn >= agentKeys.length) {
    const headers = pairHeaders(pairs[turn - agentKeys.length]);
    return http.get(`${baseUrl}/api/partners/analytics/overview`, { headers, tags: { name: 'overview' } });
  }
  // Every authenticated call counts, also one that finds nothing.
  const path = agentPaths[n % agentPaths.length];
  return http.get(baseUrl + path, { headers: agentHeaders(agentKeys[turn]), tags: { name: path } });
}

function judgeRefusal(response, { quota }) {
  const body = json(response) || {};
  const { code, details } = body.error === true ? body : { code: body.error?.code, details: body.error };
  const retryAfter = Number(response.headers['Retry-After']);
  const reset = Number(response.headers['X-Ratelimit-Reset']);
  refusalsRight.add(
    code === 'RATE_LIMITED' &&
      details?.policy === 'hour' &&
      details.retry_after === retryAfter &&
      (body.error !== true || body.retry_strategy === 'backoff') &&
      Number.isInteger(retryAfter) &&
      retryAfter >= 1 &&
      retryAfter <= 3_640 &&
      Math.abs(reset - Date.now() / 1_000 - retryAfter) <= 5 &&
      // Leased calls that another gateway has not used yet may be shown; at most 1 % of the quota.
      Number(response.headers['X-Ratelimit-Remaining']) <= quota / 100,
  );
}

function judge(response, it) {
  const tags = { case: it.name };
  headersRight.add(
    response.headers['X-Ratelimit-Limit'] === String(it.quota) &&
      response.headers['X-Ratelimit-Tier'] === it.tier &&
      Number(response.headers['X-Ratelimit-Reset']) > 0 &&
      (response.headers['Ratelimit-Policy'] || '').includes(`"hour";q=${it.quota};w=3600`) &&
      (response.headers['Ratelimit'] || '').includes('"hour";r=') &&
      Boolean(response.headers['X-Request-Id']),
  );
  if (response.status === 429) {
    refused.add(1, tags);
    judgeRefusal(response, it);
  } else if (response.status === 0 || response.status >= 500) {
    // Nobody can say whether it was counted.
    unclear.add(1, tags);
    console.error(`${it.name}: ${response.status} ${response.error} ${String(response.body).slice(0, 200)}`);
  } else {
    admitted.add(1, tags);
  }
}

const caseOf = () => cases.find(({ name }) => name === __ENV.CASE);

/** One caller alone: what remains falls with each call, and is never further from the truth than 1 %. */
export function countdown() {
  const it = caseOf();
  let last = Infinity;
  for (let n = 0; n < it.countdown; n++) {
    const response = call({ ...it, baseUrls: it.baseUrls.slice(0, 1) }, n);
    judge(response, it);
    const remaining = Number(response.headers['X-Ratelimit-Remaining']);
    const truth = it.quota - n - 1;
    const falls = remaining < last && remaining <= truth && remaining >= truth - it.quota / 100;
    remainingFalls.add(falls);
    if (!falls) console.error(`${it.name}: call ${n + 1} shows ${remaining} left, after ${last}; ${truth} are`);
    last = remaining;
  }
  countedDown.add(1);
}

export function spend() {
  const it = caseOf();
  judge(call(it, exec.scenario.iterationInTest), it);
}

/** After all of it, through each gateway, with each key and over both APIs: still refused. */
export function teardown() {
  for (const it of cases) {
    const turns = it.baseUrls.length * (it.agentKeys.length + it.pairs.length);
    for (let n = 0; n < turns; n++) {
      const response = call(it, n);
      check(response, {
        'the quota stays used up, with every key through every gateway': ({ status }) => status === 429,
      });
    }
  }
}
