/**
 * Writes as real tills send them. Of a hundred, four are sent once more after their answer (it was lost on the way), three twice at
 * once (an impatient finger) and three again after the till had given up waiting: always with the same Idempotency-Key.
 */
import { check, sleep } from 'k6';
import http from 'k6/http';
import { Counter, Rate } from 'k6/metrics';
import { isSame } from './arrival-rules.ts';
import { json } from './context.js';

export const failed = new Rate('failed');
export const limited = new Counter('refused_by_limits');
const toldToComeBack = new Rate('told_to_come_back');
const repeated = new Counter('repeated_after_the_answer');
const doubled = new Counter('sent_twice_at_once');
const cutOff = new Counter('given_up_and_sent_again');

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

const isReplay = ({ headers }) => headers['Idempotency-Replayed'] === 'true';
const codeOf = (response) => json(response)?.code;
const isUnderWay = (response) => response.status === 409 && codeOf(response) === 'IDEMPOTENCY_IN_FLIGHT';

/** From before the request can have arrived to after it was answered, on one machine; over a network nearly always before. */
const patienceMs = () => Math.ceil(Math.random() * 25);

/** The first request may still run: whoever sends it again is told to wait. */
function untilAnswered(send) {
  for (let tried = 1; ; tried++) {
    const response = send();
    if (!isUnderWay(response) || tried === 5) return response;
    sleep(Number(response.headers['Retry-After']) || 1);
  }
}

/** A 503 says when to come back, with the same key: tills do so, and it is counted how often they must. */
export function patiently(send, first = send()) {
  let response = first;
  for (let tried = 1; ; tried++) {
    const seconds = response.status === 503 ? Number(response.headers['Retry-After']) : NaN;
    toldToComeBack.add(seconds > 0);
    if (!(seconds > 0) || tried === 5) return response;
    console.warn(`told to come back: ${String(response.body).slice(0, 300)}`);
    sleep(seconds);
    response = untilAnswered(send);
  }
}

function sendLater(send) {
  const first = send();
  if (first.status !== 200) return first;
  repeated.add(1);
  const second = patiently(send);
  // Whatever becomes of the repeat, the first answer stands.
  if (isGood(second, 'repeat')) {
    check(second, {
      'a repeat is the first answer again': (it) => isReplay(it) && isSame(json(it)?.data, json(first)?.data),
    });
  }
  return first;
}

function sendTwice(send, request) {
  doubled.add(1);
  const both = http.batch([request, request]);
  const good = both.filter(({ status }) => status === 200);
  check(both, {
    'of two at once, one is the other again': () =>
      good.length < 2 || (good.filter(isReplay).length === 1 && isSame(...good.map((it) => json(it)?.data))),
  });
  if (good.length > 0) return good[0];
  return both.some(isUnderWay) ? untilAnswered(send) : (both.find(isUnsure) ?? both[0]);
}

function sendAfterGivingUp(send) {
  const first = send(`${patienceMs()}ms`);
  if (first.status !== 0) return first;
  cutOff.add(1);
  return untilAnswered(send);
}

/** How a write is sent, in a hundred; the rest once. */
const ways = [
  [4, sendLater],
  [3, sendTwice],
  [3, sendAfterGivingUp],
];

/**
 * Sends a write and judges what came of sending it again. Gives the answer that counts. `refusals`: codes that are a good answer, too.
 * `retries: false`: it is not lost or doubled on the way; `isPatient: false`: nor is it repeated when the answer is to come back later.
 */
export function write({ url, headers, body, name, key, time, refusals = [], retries = true, isPatient = true }) {
  const params = {
    headers: { ...headers, 'Idempotency-Key': key },
    tags: { name },
    responseCallback: http.expectedStatuses(200, ...(refusals.length > 0 ? [422] : [])),
  };
  const text = JSON.stringify(body);
  const send = (timeout = '60s') => http.post(url, text, { ...params, timeout });
  let draw = Math.random() * 100;
  const [, way] = (retries && ways.find(([share]) => (draw -= share) < 0)) || [100, send];
  const first = way === send ? send() : way(send, ['POST', url, text, params]);
  const response = isPatient ? patiently(send, first) : first;
  if (response.status !== 0) time.add(response.timings.duration);
  const isRefusal = response.status === 422 && refusals.includes(codeOf(response));
  const good = isRefusal || isGood(response, name);
  return { good, data: good && !isRefusal ? json(response).data : null, unsure: !good && isUnsure(response) };
}
