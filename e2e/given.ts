import { randomInt, randomUUID } from 'node:crypto';
import {
  createAgentKey,
  createApiKeyPair,
  createCard,
  createClub,
  createPartner,
  createReward,
  createTier,
  join,
  type Answer,
  type CallerPartner,
  type Endpoint,
  type Request,
  type ServiceName,
} from '@punchcard/contracts';
import type { StackFacts } from '@punchcard/local';
import { createHttpClient, createInternalClient, type HttpAnswer } from '@punchcard/service-kit';
import { waitFor } from '@punchcard/testing';

interface Running {
  baseUrl: string;
  urls: Record<ServiceName, string>;
  facts: StackFacts;
  adminKey: string;
  spansUrl: string;
}

/** The stack that the global setup started. */
export const running = (): Running => JSON.parse(process.env['E2E'] ?? 'null') as Running;

/** An address that no other case has, so that limits by address never meet. */
export const anyAddress = (): string => `10.${randomInt(256)}.${randomInt(256)}.${randomInt(1, 255)}`;

export type Api = <E extends Endpoint>(
  endpoint: E,
  request?: Request<E> & { headers?: Record<string, string> },
) => Promise<HttpAnswer<E>>;

/** A client with the headers of one caller, and an address of its own. */
export function apiOf(headers: Record<string, string>, baseUrl = running().baseUrl): Api {
  const http = createHttpClient({ baseUrl, headers: { 'x-forwarded-for': anyAddress(), ...headers } });
  return (endpoint, request) => http.call(endpoint, request);
}

/** The `data` of an answer that must have gone well. */
export async function dataOf<E extends Endpoint>(answer: Promise<HttpAnswer<E>>): Promise<Answer<E>> {
  const { status, body } = await answer;
  if (status >= 300) throw new Error(`Answered ${status}: ${JSON.stringify(body)}`);
  return body.data;
}

export const adminApi = (): Api => apiOf({ 'x-agent-key': running().adminKey });

export interface GivenPartner {
  partnerId: string;
  slug: string;
  /** With a key that may do everything. */
  agent: Api;
  agentKey: string;
  /** The Partner API, with a key pair. */
  partner: Api;
  partnerHeaders: Record<string, string>;
}

/** A partner of its own with an agent key and a key pair. */
export async function givenPartner(
  options: { tier?: CallerPartner['plan']; time_zone?: string } = {},
): Promise<GivenPartner> {
  const admin = adminApi();
  const name = `Partner ${randomUUID()}`;
  const made = await dataOf(
    admin(createPartner, { body: { name, email: 'office@example.com', tier: 'enterprise', ...options } }),
  );
  const key = await dataOf(admin(createAgentKey, { params: { id: made.id }, body: { name: 'Tests', preset: 'full' } }));
  const internal = internalApi();
  const pair = await internal.call(createApiKeyPair, { body: { partner_id: made.id, name: 'Tests' } });
  await internal.close();
  const partnerHeaders = { 'x-api-key': pair.api_key, 'x-api-secret': pair.api_secret };
  return {
    partnerId: made.id,
    slug: made.slug,
    agentKey: key.key!,
    agent: apiOf({ 'x-agent-key': key.key! }),
    partner: apiOf(partnerHeaders),
    partnerHeaders,
  };
}

/** A key of a partner with a preset or scopes. */
export async function givenKey(partnerId: string, rights: { preset?: string; scopes?: string[] }): Promise<string> {
  const key = await dataOf(
    adminApi()(createAgentKey, { params: { id: partnerId }, body: { name: 'Narrow', ...rights } }),
  );
  return key.key!;
}

/** The secrets that sign callers in a stack. */
export const callerSecretsOf = ({ secrets }: StackFacts) =>
  secrets.callerSecrets
    .split(',')
    .map((pair) => ({ kid: pair.slice(0, pair.indexOf(':')), secret: pair.slice(pair.indexOf(':') + 1) }));

/** The services behind the gateway, as it sees them, for preparations: more patient than it is. */
export const internalApi = () => {
  const { urls: baseUrls, facts } = running();
  return createInternalClient({
    ...{ baseUrls, callerSecrets: callerSecretsOf(facts), self: 'gateway' },
    timeoutMs: 30_000,
  });
};

/** A club with a card of ten points a euro, a reward of 200 points and a ladder of two tiers. */
export async function givenProgramme(agent: Api) {
  const club = await dataOf(agent(createClub, { body: { name: `Club ${randomUUID()}` } }));
  const bronze = await dataOf(agent(createTier, { body: { name: 'bronze', points_threshold: 0 } }));
  const gold = await dataOf(
    agent(createTier, { body: { name: 'gold', points_threshold: 1_000, points_multiplier: 1.5 } }),
  );
  const card = await dataOf(
    agent(createCard, {
      body: { club_id: club.id, name: 'Coffee card', currency: 'EUR', points_per_currency: 10 },
    }),
  );
  const reward = await dataOf(agent(createReward, { body: { card_id: card.id, name: 'Free coffee', points: 200 } }));
  return { club, bronze, gold, card, reward };
}

/** A member that joined by the front door. */
export async function givenMember(slug: string, baseUrl = running().baseUrl) {
  const email = `ann.${randomUUID()}@example.com`;
  const request = {
    params: { partner_slug: slug },
    body: { name: 'Ann Example', email, accepts_terms: true as const },
  };
  // A new partner may not be known to `members` yet: who is told to come back later does.
  const joined = eventually('the partner to be known', async () => {
    const answer = await apiOf({}, baseUrl)(join, request);
    return answer.status !== 503 && answer;
  });
  const { member, key } = await dataOf(joined);
  return { ...member, email, key: key!.key! };
}

/** Runs `call` n times at once. */
export const times = <T>(n: number, call: (n: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: n }, (_, index) => call(index)));

/** Asks again until an answer passes, at most `withinMs`; then says what it waited for. */
export const eventually = <T>(what: string, ask: () => Promise<T | undefined | false>, withinMs = 30_000): Promise<T> =>
  waitFor(what, ask, withinMs);
