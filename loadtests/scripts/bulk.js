/**
 * Bulk work beside the tills: voucher batches of up to 10,000 codes, ordered by several callers at once and each order sent twice at the
 * same time. Tills must not notice. That each code is there, once, is seen to by verify.js.
 */
import { check, sleep } from 'k6';
import exec from 'k6/execution';
import http from 'k6/http';
import { Counter, Trend } from 'k6/metrics';
import { context, json } from './lib/context.js';
import { canaryFor, canaryThresholds, placeOf, tillThresholds } from './lib/till.js';
import { tell } from './lib/visits.js';
import { isGood, isUnsure } from './lib/writes.js';

export { canary, till } from './lib/till.js';

const { vus, seconds, makers, sizes, rounds, run } = context;

const made = new Counter('batches_made');
const answered = new Trend('batch_answered_ms', true);
const completed = new Trend('batch_completed_ms', true);

const orders = makers * sizes.length * rounds;
const withinSeconds = 120;

export const options = {
  scenarios: {
    tills: { executor: 'constant-vus', exec: 'till', vus, duration: `${seconds}s` },
    makers: {
      executor: 'per-vu-iterations',
      exec: 'make',
      vus: makers,
      iterations: sizes.length * rounds,
      maxDuration: `${seconds + 2 * withinSeconds}s`,
    },
    ...canaryFor(seconds),
  },
  thresholds: {
    ...tillThresholds,
    batches_made: [`count==${orders}`],
    purchase_ms: ['p(99)<1000'],
    batch_answered_ms: ['p(95)<5000'],
    ...Object.fromEntries(sizes.map((size) => [`batch_completed_ms{codes:${size}}`, ['p(95)<60000']])),
    ...canaryThresholds('p(99)<1000'),
  },
  summaryTrendStats: ['med', 'p(95)', 'p(99)', 'max', 'count'],
};

const path = '/api/agent/v1/partner/vouchers/batches';

function templateOf({ clubId }) {
  return { club_id: clubId, type: 'fixed_amount', value: 500 };
}

/** The same order twice at once: one is made, and the other is its answer again (or is told that the first still runs). */
function order({ partner, headers, baseUrl }, { key, count }) {
  const body = JSON.stringify({ name: key, count, template: templateOf(partner) });
  const params = {
    headers: { ...headers, 'Idempotency-Key': key },
    tags: { name: 'order a batch' },
    timeout: '60s',
    responseCallback: http.expectedStatuses(201, 202, 409),
  };
  const one = ['POST', baseUrl + path, body, params];
  const both = http.batch([one, one]);
  const good = both.filter(({ status }) => status === 201 || status === 202);
  const ids = new Set(good.map((answer) => json(answer)?.data?.id));
  check(both, {
    'one order, one batch': () => good.length === 0 || ids.size === 1,
    'what is not the batch is its first answer still under way': () =>
      good.length === 0 || both.every((it) => good.includes(it) || json(it)?.code === 'IDEMPOTENCY_IN_FLIGHT'),
    'one of two is a replay': () =>
      good.length < 2 || good.filter((it) => it.headers['Idempotency-Replayed'] === 'true').length === 1,
  });
  return good.length > 0 ? good[0] : both[0];
}

/** Until all of its codes are there. */
function untilCompleted({ headers, baseUrl }, id) {
  const since = Date.now();
  while (Date.now() - since < withinSeconds * 1_000) {
    const response = http.get(`${baseUrl}${path}/${id}`, { headers, tags: { name: 'get a batch' } });
    if (!isGood(response, 'get a batch')) return null;
    const { data } = json(response);
    if (data.status === 'completed' || data.status === 'failed') return data;
    sleep(0.1);
  }
  return null;
}

export function make() {
  const place = placeOf(exec.vu.idInTest);
  // Makers begin with different sizes, so that large and small ones meet.
  const count = sizes[(exec.vu.idInTest + exec.vu.iterationInScenario) % sizes.length];
  const key = `${run}-batch-${exec.vu.idInTest}-${exec.vu.iterationInScenario}`;
  const since = Date.now();
  const response = order(place, { key, count });
  answered.add(Date.now() - since);
  if (!isGood(response, 'order a batch', [201, 202])) {
    if (isUnsure(response)) tell({ kind: 'unsure', partner: place.index, reference: key });
    return;
  }
  const { id } = json(response).data;
  tell({ kind: 'batch', partner: place.index, batch: id, count });
  const batch = untilCompleted(place, id);
  completed.add(Date.now() - since, { codes: String(count) });
  check(batch, {
    'a batch is completed, with all its codes': (it) => it?.status === 'completed' && it.created_count === count,
  });
  if (batch?.status === 'completed') made.add(1);
}
