/**
 * The second phase: everything that a till was told is done must be there, once, in the ledger and in vouchers; nothing else may be; and
 * analytics must come to the same sums, soon. Codes of voucher batches: as many as were ordered, each once.
 */
import { check, sleep } from 'k6';
import { SharedArray } from 'k6/data';
import exec from 'k6/execution';
import http from 'k6/http';
import { Counter, Trend } from 'k6/metrics';
import { byKind, compareCount, compareEntries } from './lib/arrival-rules.ts';
import { agentHeaders, context, json, pairHeaders } from './lib/context.js';

const { baseUrls, count, pushedFile, totals } = context;
const [baseUrl] = baseUrls;
const partners = [...context.partners, context.canary];
/** Once for all callers, each of which reads its own partner's part: a long soak pushes more than each of them could hold. */
const pushed = new SharedArray('pushed', () => JSON.parse(open(pushedFile)));

/** One for each kind of write: as many must be found as tills were told. */
const kinds = ['sold', 'redeemed', 'stamps', 'handed', 'vouchers', 'codes'];
const found = Object.fromEntries(kinds.map((kind) => [kind, new Counter(`${kind}_found`)]));
const finished = new Counter('partners_verified');
const missing = new Counter('missing');
const twice = new Counter('twice');
const unknown = new Counter('not_pushed_by_us');
const wrong = new Counter('wrong_points');
const booked = new Trend('voucher_points_booked_ms', true);
const settled = new Trend('analytics_settled_ms', true);

export const options = {
  scenarios: {
    // Few at a time: to read is not the test.
    verify: { executor: 'shared-iterations', vus: Math.min(count, 20), iterations: count, maxDuration: '1h' },
  },
  thresholds: {
    ...Object.fromEntries(kinds.map((kind) => [`${kind}_found`, [`count==${totals[kind]}`]])),
    // An exception ends an iteration, and k6 calls that a success.
    partners_verified: [`count==${count}`],
    missing: ['count==0'],
    twice: ['count==0'],
    not_pushed_by_us: ['count==0'],
    wrong_points: ['count==0'],
    checks: ['rate==1'],
    voucher_points_booked_ms: ['max<30000'],
    analytics_settled_ms: ['max<30000'],
  },
  summaryTrendStats: ['min', 'med', 'max', 'count'],
};

const api = '/api/agent/v1/partner';
const mostNamed = 20;

/** Waits where a limit says so: the tills before us were the test. */
function fetched(path, { headers, name = path.split('?')[0] }) {
  let response;
  for (let tried = 1; tried <= 20; tried++) {
    response = http.get(baseUrl + path, { headers, tags: { name }, timeout: '120s' });
    if (response.status === 200) return response;
    sleep(Math.min(Number(response.headers['Retry-After']) || 1, 60));
  }
  throw new Error(
    `${path} could not be read: ${response.status} ${response.error} ${String(response.body).slice(0, 300)}`,
  );
}

const get = (path, headers) => json(fetched(path, { headers }));

function allEntries(headers) {
  const all = [];
  for (let page = 1, last = 1; page <= last; page++) {
    const { data, pagination } = get(`${api}/transactions?per_page=100&page=${page}`, headers);
    all.push(...data);
    last = pagination.last_page;
  }
  return all;
}

/** Counts what is not as it should be, and names it: by its reference it is found in the logs of the services. */
function blame(counter, what, names) {
  counter.add(names.length);
  for (const name of names.slice(0, mostNamed)) console.error(`${what}: ${name}`);
  if (names.length > mostNamed) console.error(`${what}: ${names.length - mostNamed} more`);
}

function judgeEntries(kind, listed, told) {
  const result = compareEntries(listed, told);
  found[kind].add(result.found);
  blame(missing, `${kind}, missing`, result.missing);
  blame(twice, `${kind}, twice`, result.twice);
  blame(unknown, `${kind}, not pushed by us`, result.unknown);
  blame(wrong, `${kind}, wrong points`, result.wrong);
}

function judgeCount(kind, name, there, told) {
  const result = compareCount(there, told);
  found[kind].add(result.found);
  missing.add(result.missing);
  twice.add(result.twice);
  if (result.missing + result.twice > 0) console.error(`${kind}: ${name} has ${there}, told ${JSON.stringify(told)}`);
}

const toldOf = (mine, kind, id, name) => ({ told: mine[kind][id] ?? 0, unsure: mine.unsure[`${name} ${id}`] ?? 0 });

/** Every stamp is on its member's card or in a full one; every full one has given its points once. */
function compareStamps(mine, { members, stampCard }, { headers, fromStamps }) {
  let full = 0;
  for (const { id } of members) {
    const { data } = get(`${api}/members/${id}/stamp-cards`, headers);
    const on = data.find((it) => it.stamp_card_id === stampCard.id);
    const { completed_count: completed, pending_rewards: pending, current_stamps: current } = on ?? none;
    judgeCount('stamps', id, completed * stampCard.required + current, toldOf(mine, 'stamps', id, 'stamps'));
    judgeCount('handed', id, completed - pending, toldOf(mine, 'handed', id, 'handed'));
    full += completed;
  }
  check(fromStamps, {
    'each full stamp card has given its points, once': (all) =>
      all.length === full && all.every(({ points }) => points === stampCard.points),
  });
}

const none = { completed_count: 0, pending_rewards: 0, current_stamps: 0 };

/** Uses are counted by vouchers; the points of each are in the ledger once, at the latest when the event has come there. */
function compareVouchers(mine, { vouchers }, headers) {
  const uses = {};
  for (const { id, type } of vouchers) {
    const { times_used: used } = get(`${api}/vouchers/${id}`, headers).data;
    judgeCount('vouchers', id, used, toldOf(mine, 'vouchers', id, 'voucher'));
    uses[type] = used;
  }
  const owed = uses.bonus_points ?? 0;
  const since = Date.now();
  while (totalOf('voucher_bonus_points', headers) < owed && Date.now() - since < 30_000) sleep(0.25);
  booked.add(Date.now() - since);
  return owed;
}

const totalOf = (event, headers) => get(`${api}/transactions?event=${event}&per_page=1`, headers).pagination.total;

const sum = (numbers) => numbers.reduce((all, number) => all + number, 0);
const pointsOf = (entries) => sum(entries.map(({ points }) => Math.abs(points)));

/** Analytics come to the sums of what the ledger lists. */
function compareFigures({ pair }, { purchases, spent, fromStamps, fromVouchers }) {
  const cents = sum(purchases.map(({ purchase_amount: amount }) => Math.round(amount * 100)));
  const [issued, redeemed] = [pointsOf([...purchases, ...fromStamps, ...fromVouchers]), pointsOf(spent)];
  const since = Date.now();
  let last;
  do {
    last = get('/api/partners/analytics/overview', pairHeaders(pair)).data;
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
    const path = `${api}/vouchers/batches/${id}/codes`;
    const file = fetched(path, { headers: { ...headers, Accept: 'text/csv' }, name: 'codes as a file' });
    const [head, ...lines] = file.body.trim().split('\r\n');
    const at = head.split(',').indexOf('code');
    for (const line of lines) seen.add(line.split(',')[at]);
    listed += lines.length;
    check(lines.length, { 'the file of a batch has as many codes as were ordered': (it) => it === batches[id] });
    const { pagination } = get(`${api}/vouchers?batch_id=${id}&per_page=1`, headers);
    check(pagination, { 'the list counts as many': (it) => it.total === batches[id] });
  }
  found.codes.add(seen.size);
  if (seen.size !== listed) twice.add(listed - seen.size);
}

export default function () {
  const index = exec.scenario.iterationInTest;
  const [mine, partner] = [pushed[index], partners[index]];
  const headers = agentHeaders(mine.agentKey);
  // First, for what comes late would shift the pages of the list.
  const owed = compareVouchers(mine, partner, headers);
  const entries = byKind(allEntries(headers));
  const { purchases, spent, fromStamps, fromVouchers, others } = entries;
  judgeEntries('sold', purchases, { expected: mine.sold, unsure: mine.unsure });
  judgeEntries('redeemed', spent, { expected: mine.redeemed, unsure: mine.unsure });
  blame(
    unknown,
    'not pushed by us',
    others.map(({ event }) => event),
  );
  compareStamps(mine, partner, { headers, fromStamps });
  check(fromVouchers, {
    'each use of a points voucher has given its points, once': (all) =>
      all.length === owed && all.every(({ points }) => points === partner.vouchers[0].value),
  });
  compareCodes(mine, headers);
  if (mine.pair && purchases.length > 0) compareFigures(mine, entries);
  finished.add(1);
}
