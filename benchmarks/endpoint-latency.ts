import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  addStamps,
  claimReward,
  createReward,
  createStampCard,
  createVoucher,
  deleteReward,
  deleteStampCard,
  deleteVoucher,
  estimate,
  health,
  join,
  listCards,
  listMembers,
  listMyBalances,
  listMyTransactions,
  listTransactions,
  memberBalance,
  purchase,
  redeem,
  redeemVoucher,
  validateVoucher,
  type Endpoint,
  type Request,
} from '@punchcard/contracts';
import { createHttpClient, type HttpClient } from '@punchcard/service-kit';

/**
 * What one caller waits for each endpoint that tills and members use all day, through the gateway, one call at a time:
 * `node benchmarks/endpoint-latency.ts` beside a stack that `npm start` brought up. All are called in turn, so that whatever else the
 * machine does meets all of them; the ratio is to `agent.health`, which the gateway answers alone. Stays below the limits of one key.
 */
interface Credentials {
  base_url: string;
  partners: { slug: string; agent_key: string }[];
}

const ROUNDS = 60;
const WARM_UP = 8;

const credentials = JSON.parse(readFileSync('.local/credentials.json', 'utf8')) as Credentials;
const [partner] = credentials.partners;
if (!partner) throw new Error('There is no sample partner in .local/credentials.json: run npm start first.');
const clientWith = (headers: Record<string, string>) => createHttpClient({ baseUrl: credentials.base_url, headers });
const till = clientWith({ 'x-agent-key': partner.agent_key });

const taken = new Map<string, number[]>();

async function call<E extends Endpoint>(client: HttpClient, endpoint: E, request: Request<E> = {}) {
  const since = performance.now();
  const { status, body } = await client.call(endpoint, request);
  const took = performance.now() - since;
  if (status !== endpoint.success) throw new Error(`${endpoint.id} answered ${status}: ${JSON.stringify(body)}`);
  taken.set(endpoint.id, [...(taken.get(endpoint.id) ?? []), took]);
  return body.data;
}

const [card] = await call(till, listCards, { query: { status: 'active' } });
if (!card) throw new Error('The sample partner has no active card.');
const email = `bench.${randomUUID()}@example.com`;
const { member, key } = await call(till, join, {
  params: { partner_slug: partner.slug },
  body: { name: 'Bench', email, accepts_terms: true },
});
const phone = clientWith({ 'x-agent-key': key!.key! });
const club = { club_id: card.club_id };
const name = `Benchmark ${randomUUID()}`;
const reward = await call(till, createReward, { body: { card_id: card.id, name, points: 1 } });
const stampCard = await call(till, createStampCard, { body: { ...club, name, title: name, stamps_required: 50 } });
const voucher = await call(till, createVoucher, {
  body: { ...club, name, type: 'fixed_amount', value: 500, max_uses_per_member: null },
});
await call(till, purchase, { body: { card_id: card.id, member_identifier: member.id, purchase_amount: 5_000 } });

const who = { member_identifier: email };
const sale = () => ({ card_id: card.id, ...who, purchase_amount: 1, reference: randomUUID() });
const order = { ...who, order_amount: 2_000 };
const steps: (() => Promise<unknown>)[] = [
  () => call(till, health),
  () => call(till, purchase, { body: sale() }),
  () => call(till, estimate, { body: { type: 'purchase', ...sale() } }),
  () => call(till, redeem, { body: { card_id: card.id, reward_id: reward.id, ...who } }),
  () => call(till, addStamps, { params: { id: stampCard.id }, body: { ...who, purchase_amount: 10 } }),
  () => call(till, validateVoucher, { body: { code: voucher.code, ...club, ...order } }),
  () => call(till, redeemVoucher, { params: { id: voucher.id }, body: { ...order, order_reference: randomUUID() } }),
  () => call(till, memberBalance, { params: { id: member.id, cardId: card.id } }),
  () => call(till, listMembers, { query: who }),
  () => call(till, listTransactions, { query: who }),
  () => call(till, listCards),
];
const ofMember: (() => Promise<unknown>)[] = [
  () => call(phone, listMyBalances),
  () => call(phone, claimReward, { params: { id: reward.id }, body: { card_id: card.id } }),
];
// A member's key is good for 120 calls a minute.
const memberRounds = 50;

for (let n = 0; n < WARM_UP; n += 1) for (const step of steps) await step();
await call(phone, listMyTransactions);
taken.clear();
for (let n = 0; n < ROUNDS; n += 1) {
  for (const step of n < memberRounds ? [...steps, ...ofMember] : steps) await step();
}

const at = (sorted: readonly number[], share: number) => sorted[Math.floor(share * (sorted.length - 1))]!;
const base = at(
  [...taken.get(health.id)!].sort((a, b) => a - b),
  0.5,
);
console.log('| endpoint | p50 ms | p95 ms | p50 / health |\n| --- | ---: | ---: | ---: |');
for (const [id, times] of taken) {
  const sorted = [...times].sort((a, b) => a - b);
  const [middle, slow] = [at(sorted, 0.5), at(sorted, 0.95)];
  console.log(`| ${id} | ${middle.toFixed(1)} | ${slow.toFixed(1)} | ${(middle / base).toFixed(1)} |`);
}

await till.call(deleteVoucher, { params: { id: voucher.id } });
await till.call(deleteStampCard, { params: { id: stampCard.id } });
await till.call(deleteReward, { params: { id: reward.id } });
await Promise.all([till.close(), phone.close()]);
