import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, overview, purchase, listCards } from '@punchcard/contracts';
import { createHttpClient } from '@punchcard/service-kit';

/**
 * How long a till waits for a purchase, and how long it takes until the partner sees it: `node benchmarks/purchase-path.ts` beside a
 * stack that `npm start` brought up. Stays below the limits of one key: 600 purchases, then 60 watched ones.
 */
interface Credentials {
  base_url: string;
  partners: { slug: string; agent_key: string; api_key: string; api_secret: string }[];
}

const PURCHASES = 600;
const WATCHED = 60;
const WARM_UP = 50;

const credentials = JSON.parse(readFileSync('.local/credentials.json', 'utf8')) as Credentials;
const [partner] = credentials.partners;
if (!partner) throw new Error('There is no sample partner in .local/credentials.json: run npm start first.');
const baseUrl = credentials.base_url;
const till = createHttpClient({ baseUrl, headers: { 'x-agent-key': partner.agent_key } });
const office = createHttpClient({
  baseUrl,
  headers: { 'x-api-key': partner.api_key, 'x-api-secret': partner.api_secret },
});

const [card] = (await till.call(listCards, { query: { status: 'active' } })).body.data;
const email = `bench.${randomUUID()}@example.com`;
await till.call(join, { params: { partner_slug: partner.slug }, body: { email, accepts_terms: true } });

async function buy(): Promise<number> {
  const since = performance.now();
  const body = { card_id: card!.id, member_identifier: email, purchase_amount: 1, reference: randomUUID() };
  const { status, body: answer } = await till.call(purchase, { body });
  if (status !== 200) throw new Error(`A purchase answered ${status}: ${JSON.stringify(answer)}`);
  return performance.now() - since;
}

async function issued(): Promise<number> {
  const { status, body } = await office.call(overview);
  if (status !== 200) throw new Error(`The overview answered ${status}: ${JSON.stringify(body)}`);
  return body.data.total_points_issued;
}

/** From the answer of a purchase until the overview counts it, asking again at once. */
async function seenAfter(): Promise<number> {
  const before = await issued();
  await buy();
  const since = performance.now();
  while ((await issued()) === before) if (performance.now() - since > 10_000) throw new Error('Not seen within 10 s.');
  return performance.now() - since;
}

async function measure(count: number, one: () => Promise<number>): Promise<number[]> {
  const taken: number[] = [];
  for (let n = 0; n < count; n += 1) taken.push(await one());
  return taken.sort((a, b) => a - b);
}

const at = (sorted: readonly number[], share: number) => sorted[Math.floor(share * (sorted.length - 1))]!.toFixed(1);
const show = (name: string, sorted: readonly number[]) =>
  console.log(
    `${name}: p50 ${at(sorted, 0.5)} ms, p90 ${at(sorted, 0.9)} ms, p99 ${at(sorted, 0.99)} ms (${sorted.length})`,
  );

await measure(WARM_UP, buy);
show('purchase through the gateway, one at a time', await measure(PURCHASES, buy));
show('purchase answered > counted in the overview', await measure(WATCHED, seenAfter));
await Promise.all([till.close(), office.close()]);
