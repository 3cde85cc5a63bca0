/**
 * The second phase: everything that a till was told is done must be there, once, in the ledger; nothing else may be; and analytics
 * must come to the same sums, soon. Codes of voucher batches: as many as were ordered, each once.
 */
import { check, sleep } from 'k6';
import { SharedArray } from 'k6/data';
import exec from 'k6/execution';
import http from 'k6/http';
import { Counter, Trend } from 'k6/metrics';
import { agentHeaders, context, json, pairHeaders } from './lib/context.js';

const { baseUrls, count, pushedFile, totals } = context;
const [baseUrl] = baseUrls;
/** Once for all callers, each of which reads its own partner's part: a long soak pushes more than each of them could hold. */
const pushed = new SharedArray('pushed', () => JSON.parse(open(pushedFile)));

const found = new Counter('found');
const redemptions = new Counter('redemptions_found');
const codes = new Counter('codes_found');
const finished = new Counter('partners_verified');
const missing = new Counter('missing');
const twice = new Counter('twice');
const unknown = new Counter('not_pushed_by_us');
const wrong = new Counter('wrong_points');
const settled = new Trend('analytics_settled_ms', true);

export const options = {
  scenarios: {
    // Few at a time: to read is not the test.
    verify: { executor: 'shared-iterations', vus: Math.min(count, 20), iterations: count, maxDuration: '1h' },
  },
  thresholds: {
    found: [`count==${totals.sold}`],
    redemptions_found: [`count==${totals.redeemed}`],
    ...(totals.codes > 0 && { codes_found: [`count==${totals.codes}`] }),
    // An exception ends an iteration, and k6 calls that a success.
    partners_verified: [`count==${count}`],
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
function fetched(path, { headers, name = path.split('?')[0] }) {
  for (let tried = 1; tried <= 20; tried++) {
    const response = http.get(baseUrl + path, { headers, tags: { name }, timeout: '120s' });
    if (response.status === 200) return response;
    sleep(Math.min(Number(response.headers['Retry-After']) || 1, 60));
  }
  throw new Error(`${path} could not be read`);
}

const get = (path, headers) => json(fetched(path, { headers }));

function allOf(event, headers) {
  const all = [];
  for (let page = 1, last = 1; page <= last; page++) {
    const query = `event=${event}&per_page=100&page=${page}`;
    const { data, pagination } = get(`/api/agent/v1/partner/transactions?${query}`, headers);
    all.push(...data);
    last = pagination.last_page;
  }
  return all;
}

/** Each that was answered is listed once, with its points; gives those whose till never got an answer. */
function compare(listed, { expected, unsure, counter }) {
  const seen = new Set();
  const surprises = [];
  const maybe = new Set(unsure);
  for (const entry of listed) {
    const { reference } = entry;
    const points = expected[reference];
    if (seen.has(reference)) twice.add(1);
    else if (points !== undefined) counter.add(1);
    seen.add(reference);
    if (points !== undefined) {
      if (points !== Math.abs(entry.points)) wrong.add(1);
    } else if (maybe.has(reference)) surprises.push(entry);
    else unknown.add(1);
  }
  for (const reference of Object.keys(expected)) {
    if (seen.has(reference)) continue;
    missing.add(1);
    console.error(`missing: ${reference}`);
  }
  return surprises;
}

const sum = (numbers) => numbers.reduce((all, number) => all + number, 0);
const pointsOf = (entries) => sum(entries.map(({ points }) => Math.abs(points)));

/** Analytics come to the sums of what the ledger lists. */
function compareFigures(mine, { purchases, spent }) {
  const cents = sum(purchases.map(({ purchase_amount: amount }) => Math.round(amount * 100)));
  const [issued, redeemed] = [pointsOf(purchases), pointsOf(spent)];
  const since = Date.now();
  let last;
  do {
    last = get('/api/partners/analytics/overview', pairHeaders(mine.pair)).data;
    if (last.total_points_issued === issued && last.total_points_redeemed === redeemed) break;
    sleep(0.25);
  } while (Date.now() - since < 30_000);
  settled.add(Date.now() - since);
  check(last, {
    'analytics: points issued': (it) => it.total_points_issued === issued,
    'analytics: points redeemed': (it) => it.total_points_redeemed === redeemed,
    'analytics: purchases': ({ top_performing_shops: [shop] }) => shop?.transactions === purchases.length,
    'analytics: revenue': ({ top_performing_shops: [shop] }) => Math.round(shop?.revenue * 100) === cents,
  });
}

/** Every code of every batch, from the file that a partner would download. */
function compareCodes({ batches }, headers) {
  const ids = Object.keys(batches);
  if (ids.length === 0) return;
  const seen = new Set();
  let listed = 0;
  for (const id of ids) {
    const path = `/api/agent/v1/partner/vouchers/batches/${id}/codes`;
    const file = fetched(path, { headers: { ...headers, Accept: 'text/csv' }, name: 'codes as a file' });
    const [head, ...lines] = file.body.trim().split('\r\n');
    const at = head.split(',').indexOf('code');
    for (const line of lines) seen.add(line.split(',')[at]);
    listed += lines.length;
    check(lines.length, { 'the file of a batch has as many codes as were ordered': (it) => it === batches[id] });
    const { pagination } = get(`/api/agent/v1/partner/vouchers?batch_id=${id}&per_page=1`, headers);
    check(pagination, { 'the list counts as many': (it) => it.total === batches[id] });
  }
  codes.add(seen.size);
  if (seen.size !== listed) twice.add(listed - seen.size);
}

export default function () {
  const mine = pushed[exec.scenario.iterationInTest];
  const headers = agentHeaders(mine.agentKey);
  const purchases = allOf('staff_credited_points_for_purchase', headers);
  const spent = allOf('staff_redeemed_points_for_reward', headers);
  compare(purchases, { expected: mine.sold, unsure: mine.unsure, counter: found });
  compare(spent, { expected: mine.redeemed, unsure: mine.unsure, counter: redemptions });
  compareCodes(mine, headers);
  if (mine.pair && purchases.length > 0) compareFigures(mine, { purchases, spent });
  finished.add(1);
}
