/**
 * A till: sells to members by every identifier they can show, redeems, looks up balances and lists, and thinks in between. Each write
 * that was answered is logged as one line of JSON, for the second phase (verify.js).
 */
import { check, sleep } from 'k6';
import exec from 'k6/execution';
import http from 'k6/http';
import { Counter, Rate, Trend } from 'k6/metrics';
import { agentHeaders, context, json, pairHeaders, pick } from './context.js';

const { baseUrls, partners, run, thinkSeconds, hasPairs } = context;

export const failed = new Rate('failed');
export const limited = new Counter('refused_by_limits');
const sold = new Counter('sold');
const redeemed = new Counter('redeemed');
const purchaseMs = new Trend('purchase_ms', true);
const redeemMs = new Trend('redeem_ms', true);
const readMs = new Trend('read_ms', true);
const inAnalyticsMs = new Trend('seen_in_analytics_ms', true);
const followed = new Counter('followed_into_analytics');

/** What every test with tills holds them to. */
export const tillThresholds = {
  checks: ['rate==1'],
  failed: ['rate<0.001'],
  refused_by_limits: ['count==0'],
  sold: ['count>0'],
};

/** The scenario of the canary, where there is a key pair to ask analytics with. */
export const canaryFor = (duration) =>
  hasPairs ? { canary: { executor: 'constant-vus', exec: 'canary', vus: 1, duration: `${duration}s` } } : {};

/** What the canary is held to. `seen`: how long a purchase may take to be counted by analytics. */
export const canaryThresholds = (seen) =>
  hasPairs ? { followed_into_analytics: ['count>0'], seen_in_analytics_ms: [seen] } : {};

const api = '/api/agent/v1/partner';

/** Every caller has a partner and one of its keys; all keys of a partner have callers. */
export function placeOf(caller) {
  const partner = partners[caller % partners.length];
  const key = partner.agentKeys[Math.floor(caller / partners.length) % partner.agentKeys.length];
  return { partner, index: partners.indexOf(partner), headers: agentHeaders(key), baseUrl: pick(baseUrls) };
}

export const tell = (line) => console.log(JSON.stringify(line));

/** As people show who they are: mail in any case, the number with and without hyphens, the id of a scanned code. */
const identifierOf = ({ id, email, unique_identifier: number }) =>
  pick([email, email.toUpperCase(), number, number.replaceAll('-', ''), id]);

/** Counts what went wrong; true when the answer is good. */
export function isGood(response, what, statuses = [200]) {
  if (response.status === 429) limited.add(1);
  const good = statuses.includes(response.status);
  failed.add(!good, { what });
  if (!good) console.error(`${what}: ${response.status} ${response.error} ${String(response.body).slice(0, 300)}`);
  return good;
}

/** What a refused or broken write means for the second phase: nobody knows, unless it was surely refused. */
export const isUnsure = ({ status }) => status === 0 || status >= 500 || status === 409;

/** Sells once. `again`: the till lost the answer and sends the same once more, which must not sell twice. */
export function sell({ partner, index, headers, baseUrl }, { again = false } = {}) {
  const reference = `${run}-${exec.vu.idInTest}-${exec.vu.iterationInScenario}-${exec.scenario.name}`;
  const amount = Math.round(100 + Math.random() * 9_900) / 100;
  const member = pick(partner.members);
  const body = JSON.stringify({
    card_id: partner.cardId,
    member_identifier: identifierOf(member),
    purchase_amount: amount,
    reference,
  });
  const params = { headers: { ...headers, 'Idempotency-Key': reference }, tags: { name: 'purchase' } };
  const url = `${baseUrl}${api}/transactions/purchase`;
  const response = http.post(url, body, params);
  purchaseMs.add(response.timings.duration);
  if (!isGood(response, 'purchase')) {
    if (isUnsure(response)) tell({ kind: 'unsure', partner: index, reference });
    return null;
  }
  const { data } = json(response);
  sold.add(1);
  check(data, { 'the right member gets ten points a euro': (it) => isRight(it, { member, amount }) });
  tell({ kind: 'sold', partner: index, reference, points: data.points_awarded, cents: Math.round(amount * 100) });
  // Whatever becomes of the repeat, the first answer stands.
  if (again) judgeRepeat(http.post(url, body, params), data.transaction_id);
  return data;
}

function judgeRepeat(response, first) {
  if (!isGood(response, 'repeat')) return;
  check(response, {
    'a repeat is the first answer again': (it) =>
      it.headers['Idempotency-Replayed'] === 'true' && json(it)?.data?.transaction_id === first,
  });
}

const isRight = (data, { member, amount }) =>
  data.member_id === member.id && data.points_awarded === Math.floor(Math.round(amount * 100) / 10);

function redeem({ partner, index, headers, baseUrl }) {
  const reference = `${run}-${exec.vu.idInTest}-${exec.vu.iterationInScenario}-redeem`;
  const member = pick(partner.members);
  const body = {
    card_id: partner.cardId,
    reward_id: partner.rewardId,
    member_identifier: identifierOf(member),
    reference,
  };
  const params = {
    headers: { ...headers, 'Idempotency-Key': reference },
    tags: { name: 'redeem' },
    responseCallback: http.expectedStatuses(200, 422),
  };
  const response = http.post(`${baseUrl}${api}/transactions/redeem`, JSON.stringify(body), params);
  redeemMs.add(response.timings.duration);
  // Who has just begun has no points to spend.
  if (json(response)?.code === 'INSUFFICIENT_POINTS') return;
  if (isGood(response, 'redeem')) {
    redeemed.add(1);
    tell({ kind: 'redeemed', partner: index, reference, points: json(response).data.points_deducted });
  } else if (isUnsure(response)) tell({ kind: 'unsure', partner: index, reference });
}

function read({ headers, baseUrl }, { path, name }) {
  const response = http.get(baseUrl + api + path, { headers, tags: { name } });
  readMs.add(response.timings.duration);
  return isGood(response, name) ? json(response).data : null;
}

/** What a till shows next must have what it has just done. */
function sellAndLookUp(place) {
  const sale = sell(place);
  if (!sale) return;
  const id = sale.transaction_id;
  const found = read(place, { path: `/transactions/${id}`, name: 'get transaction' });
  check(found, { 'a purchase can be read at once': (it) => it === null || it.points === sale.points_awarded });
}

const balance = (place) => {
  const { id } = pick(place.partner.members);
  read(place, { path: `/members/${id}/balance/${place.partner.cardId}`, name: 'balance' });
};

const lists = [
  { path: '/members?per_page=10', name: 'list members' },
  { path: '/transactions?per_page=10', name: 'list transactions' },
  { path: '/rewards', name: 'list rewards' },
];

/** In a hundred visits of a till. */
const visits = [
  [50, (place) => sell(place)],
  [10, (place) => sell(place, { again: true })],
  [10, sellAndLookUp],
  [10, redeem],
  [13, balance],
  [7, (place) => read(place, pick(lists))],
];

export function till() {
  const place = placeOf(exec.vu.idInTest);
  let draw = Math.random() * 100;
  const [, visit] = visits.find(([share]) => (draw -= share) < 0) ?? visits[0];
  visit(place);
  if (thinkSeconds > 0) sleep(thinkSeconds * (0.5 + Math.random()));
}

/** A purchase, by whoever has a VU free. */
export const sellOnly = () => sell(placeOf(exec.scenario.iterationInTest));

/** One purchase after the other, each followed into analytics: how late is it there? The last partner is for this alone. */
export function canary() {
  const partner = context.canary;
  const place = { partner, index: partners.length, headers: agentHeaders(partner.agentKeys[0]), baseUrl: baseUrls[0] };
  const before = issuedOf(partner);
  if (before === null) return sleep(1);
  const sale = sell(place);
  if (!sale) return sleep(1);
  followed.add(1);
  const since = Date.now();
  while (Date.now() - since < 10_000) {
    const now = issuedOf(partner);
    if (now !== null && now >= before + sale.points_awarded) {
      inAnalyticsMs.add(Date.now() - since);
      break;
    }
    sleep(Date.now() - since < 500 ? 0.02 : 0.25);
  }
  if (Date.now() - since >= 10_000) inAnalyticsMs.add(10_000);
  sleep(context.canarySeconds);
}

function issuedOf({ pairs }) {
  const response = http.get(`${baseUrls[0]}/api/partners/analytics/overview`, {
    headers: pairHeaders(pairs[0]),
    tags: { name: 'overview' },
  });
  return isGood(response, 'overview') ? json(response).data.total_points_issued : null;
}
