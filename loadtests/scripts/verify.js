/**
 * The second phase: everything that a till was told is done must be there, once, in the ledger; nothing else may be; and analytics
 * must come to the same sums, soon.
 */
import { check, sleep } from 'k6';
import exec from 'k6/execution';
import http from 'k6/http';
import { Counter, Trend } from 'k6/metrics';
import { agentHeaders, context, json, pairHeaders } from './lib/context.js';

const { baseUrls, pushed } = context;
const [baseUrl] = baseUrls;

const found = new Counter('found');
const missing = new Counter('missing');
const twice = new Counter('twice');
const unknown = new Counter('not_pushed_by_us');
const wrong = new Counter('wrong_points');
const settled = new Trend('analytics_settled_ms', true);

export const options = {
  scenarios: {
    verify: { executor: 'per-vu-iterations', vus: pushed.length, iterations: 1, maxDuration: '10m' },
  },
  thresholds: {
    found: [`count==${pushed.reduce((sum, { sold }) => sum + Object.keys(sold).length, 0)}`],
    missing: ['count==0'],
    twice: ['count==0'],
    not_pushed_by_us: ['count==0'],
    wrong_points: ['count==0'],
    checks: ['rate==1'],
    analytics_settled_ms: ['max<30000'],
  },
  summaryTrendStats: ['min', 'med', 'max', 'count'],
};

/** Waits where a limit says so: the tills before us were the test. */
function get(path, headers) {
  for (let tried = 1; tried <= 20; tried++) {
    const response = http.get(baseUrl + path, { headers, tags: { name: path.split('?')[0] } });
    if (response.status === 200) return json(response);
    sleep(Math.min(Number(response.headers['Retry-After']) || 1, 60));
  }
  throw new Error(`${path} could not be read`);
}

function allPurchases(headers) {
  const all = [];
  for (let page = 1, last = 1; page <= last; page++) {
    const query = `event=staff_credited_points_for_purchase&per_page=100&page=${page}`;
    const { data, pagination } = get(`/api/agent/v1/partner/transactions?${query}`, headers);
    all.push(...data);
    last = pagination.last_page;
  }
  return all;
}

/** Gives the points of purchases that are there although their till never got an answer. */
function compare(listed, { sold, unsure }) {
  const seen = new Set();
  const surprise = { points: 0, cents: 0 };
  for (const { reference, points, purchase_amount: amount } of listed) {
    const expected = sold[reference];
    if (seen.has(reference)) twice.add(1);
    seen.add(reference);
    if (expected !== undefined) {
      found.add(1);
      if (expected !== points) wrong.add(1);
    } else if (unsure.includes(reference)) {
      surprise.points += points;
      surprise.cents += Math.round(amount * 100);
    } else unknown.add(1);
  }
  for (const reference of Object.keys(sold)) {
    if (seen.has(reference)) continue;
    missing.add(1);
    console.error(`missing: ${reference}`);
  }
  return surprise;
}

export default function () {
  const mine = pushed[exec.vu.idInTest - 1];
  const listed = allPurchases(agentHeaders(mine.agentKey));
  const surprise = compare(listed, mine);
  if (!mine.pair || listed.length === 0) return;
  const issued = mine.issued + surprise.points;
  const cents = mine.cents + surprise.cents;
  const since = Date.now();
  let last;
  do {
    last = get('/api/partners/analytics/overview', pairHeaders(mine.pair)).data;
    if (last.total_points_issued === issued) break;
    sleep(0.25);
  } while (Date.now() - since < 30_000);
  settled.add(Date.now() - since);
  check(last, {
    'analytics: points issued': (it) => it.total_points_issued === issued,
    'analytics: points redeemed': (it) => mine.unsure.length > 0 || it.total_points_redeemed === mine.redeemed,
    'analytics: purchases': ({ top_performing_shops: [shop] }) => shop.transactions === listed.length,
    'analytics: revenue': ({ top_performing_shops: [shop] }) => Math.round(shop.revenue * 100) === cents,
  });
}
