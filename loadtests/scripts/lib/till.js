/** What tests with tills have in common: who calls where, what all are held to, and the canary. */
import { sleep } from 'k6';
import exec from 'k6/execution';
import http from 'k6/http';
import { Counter, Trend } from 'k6/metrics';
import { agentHeaders, context, json, pairHeaders, pick } from './context.js';
import { sell, visits } from './visits.js';
import { isGood, patiently } from './writes.js';

const { baseUrls, partners, thinkSeconds, hasPairs } = context;

const inAnalyticsMs = new Trend('seen_in_analytics_ms', true);
const followed = new Counter('followed_into_analytics');

/** What every test with tills holds them to. */
export const tillThresholds = {
  checks: ['rate==1'],
  failed: ['rate<0.001'],
  told_to_come_back: ['rate<0.01'],
  refused_by_limits: ['count==0'],
  sold: ['count>0'],
};

/** What tills wait for, where a test is about waiting. */
export const waitThresholds = Object.fromEntries(
  ['purchase_ms', 'redeem_ms', 'stamps_ms', 'voucher_ms', 'read_ms'].map((name) => [name, ['p(99)<1000']]),
);

/** The scenario of the canary, where there is a key pair to ask analytics with. */
export const canaryFor = (duration) =>
  hasPairs ? { canary: { executor: 'constant-vus', exec: 'canary', vus: 1, duration: `${duration}s` } } : {};

/** What the canary is held to. `seen`: how long a purchase may take to be counted by analytics. */
export const canaryThresholds = (seen) =>
  hasPairs ? { followed_into_analytics: ['count>0'], seen_in_analytics_ms: [seen] } : {};

/** Every caller has a partner and one of its keys; all keys of a partner have callers. */
export function placeOf(caller) {
  const partner = partners[caller % partners.length];
  const key = partner.agentKeys[Math.floor(caller / partners.length) % partner.agentKeys.length];
  return { partner, index: partners.indexOf(partner), headers: agentHeaders(key), baseUrl: pick(baseUrls) };
}

export function till() {
  const place = placeOf(exec.vu.idInTest);
  let draw = Math.random() * 100;
  const [, visit] = visits.find(([share]) => (draw -= share) < 0) ?? visits[0];
  visit(place);
  if (thinkSeconds > 0) sleep(thinkSeconds * (0.5 + Math.random()));
}

/** A purchase, sent once, by whoever has a VU free. */
export const sellOnly = () => sell(placeOf(exec.scenario.iterationInTest), { retries: false, isPatient: false });

/** One purchase after the other, each followed into analytics: how late is it there? The last partner is for this alone. */
export function canary() {
  const partner = context.canary;
  const place = { partner, index: partners.length, headers: agentHeaders(partner.agentKeys[0]), baseUrl: baseUrls[0] };
  const before = issuedOf(partner);
  if (before === null) return sleep(1);
  const sale = sell(place, { retries: false });
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
  const params = { headers: pairHeaders(pairs[0]), tags: { name: 'overview' } };
  const response = patiently(() => http.get(`${baseUrls[0]}/api/partners/analytics/overview`, params));
  return isGood(response, 'overview') ? json(response).data.total_points_issued : null;
}
