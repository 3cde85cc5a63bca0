/**
 * What happens at a till: sales to members by every identifier they can show, rewards, stamps, vouchers, balances and lists. Each write
 * that was answered is logged as one line of JSON, for the second phase (verify.js).
 */
import { check } from 'k6';
import exec from 'k6/execution';
import http from 'k6/http';
import { Counter, Trend } from 'k6/metrics';
import { agentHeaders, context, json, pick } from './context.js';
import { isGood, patiently, write } from './writes.js';

const sold = new Counter('sold');
const redeemed = new Counter('redeemed');
const stamped = new Counter('stamped');
const vouchersUsed = new Counter('vouchers_used');
const purchaseMs = new Trend('purchase_ms', true);
const redeemMs = new Trend('redeem_ms', true);
const stampsMs = new Trend('stamps_ms', true);
const voucherMs = new Trend('voucher_ms', true);
const readMs = new Trend('read_ms', true);

const api = '/api/agent/v1';
/** Of this till. */
let lastBuyer = null;

export const tell = (line) => console.log(JSON.stringify(line));

/** As people show who they are: mail in any case, the number with and without hyphens, the id of a scanned code. */
const identifierOf = ({ id, email, unique_identifier: number }) =>
  pick([email, email.toUpperCase(), number, number.replaceAll('-', ''), id]);

/** One write a visit, so one name a visit. */
const nameOf = () => `${context.run}-${exec.vu.idInTest}-${exec.vu.iterationInScenario}-${exec.scenario.name}`;

/**
 * Half of the tills send a reference. The others have only the Idempotency-Key between them and selling twice; what they sold is found
 * by its note.
 */
const named = (key) => (Math.random() < 0.5 ? { reference: key } : { note: key });

const amountOf = () => Math.round(100 + Math.random() * 9_900) / 100;

/** A write of a visit, told to the second phase: `line(data)`, or that nobody knows (`unsure`, and how much of it). */
function done({ index, headers, baseUrl }, order, { line, unsure }) {
  const { data, unsure: isUnsure } = write({ headers, ...order, url: baseUrl + api + order.path });
  if (data) tell({ ...line(data), partner: index });
  else if (isUnsure) tell({ kind: 'unsure', ...unsure, partner: index });
  return data;
}

/** Sells once. */
export function sell(place, how = {}) {
  const { partner } = place;
  const [key, amount, member] = [nameOf(), amountOf(), pick(partner.members)];
  const body = {
    ...{ card_id: partner.cardId, member_identifier: identifierOf(member), purchase_amount: amount },
    ...named(key),
  };
  const path = '/partner/transactions/purchase';
  const data = done(
    place,
    { path, body, name: 'purchase', key, time: purchaseMs, ...how },
    {
      line: ({ points_awarded: points }) => ({ kind: 'sold', reference: key, points, cents: Math.round(amount * 100) }),
      unsure: { reference: key },
    },
  );
  if (!data) return null;
  sold.add(1);
  lastBuyer = member;
  check(data, {
    'the right member gets ten points a euro': (it) =>
      it.member_id === member.id && it.points_awarded === Math.floor(Math.round(amount * 100) / 10),
  });
  return data;
}

/** What a till shows next must have what it has just done. */
function sellAndLookUp(place) {
  const sale = sell(place);
  if (!sale) return;
  const id = sale.transaction_id;
  const found = read(place, { path: `/partner/transactions/${id}`, name: 'get transaction' });
  check(found, { 'a purchase can be read at once': (it) => it === null || it.points === sale.points_awarded });
}

/** Who has just begun has no points to spend. */
function spend(place, key, order) {
  const told = {
    line: ({ points_deducted: points }) => ({ kind: 'redeemed', reference: key, points }),
    unsure: { reference: key },
  };
  if (done(place, { ...order, key, time: redeemMs, refusals: ['INSUFFICIENT_POINTS'] }, told)) redeemed.add(1);
}

function redeem(place) {
  const { partner } = place;
  const key = nameOf();
  const who = { member_identifier: identifierOf(pick(partner.members)) };
  const body = { card_id: partner.cardId, reward_id: partner.rewardId, ...who, ...named(key) };
  spend(place, key, { path: '/partner/transactions/redeem', body, name: 'redeem' });
}

/** The own telephone of whoever has just bought here: before the first purchase a member does not have the card. */
function claim(place) {
  const { partner } = place;
  if (!lastBuyer) return sell(place);
  const key = nameOf();
  const path = `/member/rewards/${partner.rewardId}/claim`;
  const body = { card_id: partner.cardId, reference: key };
  spend(place, key, { path, body, name: 'claim', headers: agentHeaders(lastBuyer.key) });
}

function addStamps(place) {
  const { stampCard, members } = place.partner;
  const [key, member, stamps] = [nameOf(), pick(members), pick([1, 1, 2])];
  const path = `/partner/stamp-cards/${stampCard.id}/stamps`;
  const body = { member_identifier: identifierOf(member), stamps, ...named(key) };
  const data = done(
    place,
    { path, body, name: 'add stamps', key, time: stampsMs },
    {
      line: () => ({ kind: 'stamped', member: member.id, stamps }),
      unsure: { reference: `stamps ${member.id}`, count: stamps },
    },
  );
  if (!data) return;
  stamped.add(stamps);
  check(data, {
    'a full stamp card earns its points, no other does': (it) =>
      it.stamps_added === stamps && it.points_awarded === (it.completed ? stampCard.points : 0),
  });
}

/** Most members have no full card to hand in. */
function handOut(place) {
  const { stampCard, members } = place.partner;
  const [key, member] = [nameOf(), pick(members)];
  const path = `/partner/stamp-cards/${stampCard.id}/redeem`;
  const body = { member_identifier: identifierOf(member), ...named(key) };
  const order = { path, body, name: 'hand out', key, time: stampsMs, refusals: ['STAMP_CARD_INCOMPLETE'] };
  done(place, order, {
    line: () => ({ kind: 'handed', member: member.id }),
    unsure: { reference: `handed ${member.id}` },
  });
}

/** Checked when it is scanned, redeemed when it is paid. */
function useVoucher(place) {
  const { partner, headers, baseUrl } = place;
  const [key, voucher, cents] = [nameOf(), pick(partner.vouchers), Math.round(amountOf() * 100)];
  const who = { member_identifier: identifierOf(pick(partner.members)), order_amount: cents };
  const question = JSON.stringify({ ...who, code: voucher.code.toLowerCase(), club_id: partner.clubId });
  const asked = patiently(() =>
    http.post(`${baseUrl}${api}/partner/vouchers/validate`, question, { headers, tags: { name: 'validate' } }),
  );
  if (!isGood(asked, 'validate')) return;
  const offered = json(asked).data;
  const reference = Math.random() < 0.5 ? { order_reference: key } : { note: key };
  const data = done(
    place,
    {
      ...{ path: `/partner/vouchers/${voucher.id}/redeem`, body: { ...who, ...reference } },
      ...{ name: 'use a voucher', key, time: voucherMs },
    },
    {
      line: ({ points_awarded: points }) => ({ kind: 'voucher', voucher: voucher.id, points }),
      unsure: { reference: `voucher ${voucher.id}` },
    },
  );
  if (!data) return;
  vouchersUsed.add(1);
  const discount = voucher.type === 'percentage' ? Math.floor((cents * voucher.value) / 100) : 0;
  check(data, {
    'a voucher gives what was shown before': (it) =>
      offered.valid && offered.discount_amount === discount && it.discount_amount === discount,
    'a voucher gives its points': (it) =>
      it.points_awarded === (voucher.type === 'bonus_points' ? voucher.value : 0) &&
      offered.points === it.points_awarded,
  });
}

function read({ headers, baseUrl }, { path, name }) {
  const response = patiently(() => http.get(baseUrl + api + path, { headers, tags: { name } }));
  readMs.add(response.timings.duration);
  return isGood(response, name) ? json(response).data : null;
}

const balance = (place) => {
  const { id } = pick(place.partner.members);
  read(place, { path: `/partner/members/${id}/balance/${place.partner.cardId}`, name: 'balance' });
};

const lists = [
  { path: '/partner/members?per_page=10', name: 'list members' },
  { path: '/partner/transactions?per_page=10', name: 'list transactions' },
  { path: '/partner/rewards', name: 'list rewards' },
];

/** In a hundred visits of a till. Some 1.3 calls a visit, retries included (`callsPerVisit` of the runner). */
export const visits = [
  [54, (place) => sell(place)],
  [8, sellAndLookUp],
  [10, addStamps],
  [6, redeem],
  [5, useVoucher],
  [2, handOut],
  [2, claim],
  [8, balance],
  [5, (place) => read(place, pick(lists))],
];
