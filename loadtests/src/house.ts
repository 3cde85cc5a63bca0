import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  createAgentKey,
  createApiKeyPair,
  createCard,
  createClub,
  createPartner,
  createReward,
  createStampCard,
  createVoucher,
  deletePartner,
  join,
  updatePartner,
  type Answer,
  type Endpoint,
  type Request,
} from '@punchcard/contracts';
import { createHttpClient, createInternalClient, env } from '@punchcard/service-kit';
import type { Tier } from './options.ts';
import type { Target } from './target.ts';

export interface TestMember {
  id: string;
  email: string;
  unique_identifier: string;
  /** Of the member's own telephone. */
  key: string;
}

/** A partner of this run alone, so that its limits are fresh and its figures are known. */
export interface TestPartner {
  id: string;
  slug: string;
  tier: Tier;
  agentKeys: string[];
  pairs: { key: string; secret: string }[];
  clubId: string;
  cardId: string;
  rewardId: string;
  /** `required` stamps fill it: then it gives `points`, and a coffee at the till. */
  stampCard: { id: string; required: number; points: number };
  /** Of unlimited use: one of points, then one of percents. */
  vouchers: { id: string; code: string; type: string; value: number }[];
  members: TestMember[];
}

export interface PartnerWish {
  tier: Tier;
  agentKeys: number;
  /** Of the Partner API. Fewer are made (none) where we cannot make any. */
  pairs: number;
  /** Absent: no programme and no members, and no call of the partner is used up. */
  members?: number;
}

export interface House {
  partner(wish: PartnerWish): Promise<TestPartner>;
  /** Ends all keys of the partners that were made, and deletes them. */
  leave(isKept: boolean): Promise<void>;
}

type Say = (line: string) => void;

const maxTries = 30;
const hint = ' (does the gateway trust this address? GATEWAY_TRUSTED_PROXIES)';
const atOnce = 4;

type Call = <E extends Endpoint>(
  endpoint: E,
  request: Request<E> & { headers?: Record<string, string> },
) => Promise<Answer<E>>;

/** Waits where a limit or a service that starts says so, and tells of it: preparing is not the test. */
function patient({ baseUrl }: Target, key: string, say: Say): { call: Call; close(): Promise<void> } {
  const http = createHttpClient({ baseUrl, headers: { 'x-agent-key': key } });
  return {
    call: async (endpoint, request) => {
      for (let tried = 1; ; tried++) {
        const {
          status,
          headers: answered,
          body,
        } = await http.call(endpoint, request).catch((cause: Error) => {
          throw new Error(`${baseUrl} does not answer (${cause.message}): is it up, and can this machine reach it?`, {
            cause,
          });
        });
        if (status < 300) return body.data;
        if ((status !== 429 && status !== 503) || tried === maxTries) {
          throw new Error(`${endpoint.id} answered ${status}: ${JSON.stringify(body).slice(0, 300)}`);
        }
        const seconds = Math.min(Number(answered['retry-after']) || 1, 60);
        if (seconds > 5) say(`  ${endpoint.id} answered ${status}${status === 429 ? hint : ''}: again in ${seconds} s`);
        await sleep(1_000 * seconds);
      }
    },
    close: () => http.close(),
  };
}

const repeat = async <T>(count: number, work: (n: number) => Promise<T>): Promise<T[]> => {
  const done: T[] = [];
  for (let from = 0; from < count; from += atOnce) {
    const size = Math.min(atOnce, count - from);
    done.push(...(await Promise.all(Array.from({ length: size }, (_, n) => work(from + n)))));
  }
  return done;
};

async function makePairs({ partners }: Target, partnerId: string, count: number): Promise<TestPartner['pairs']> {
  if (!partners || count === 0) return [];
  const callerSecrets = env.callerSecrets.parse(partners.callerSecrets);
  const baseUrls = { partners: partners.url };
  const internal = createInternalClient({ baseUrls, callerSecrets, self: 'gateway', timeoutMs: 30_000 });
  try {
    return await repeat(count, async (n) => {
      const body = { partner_id: partnerId, name: `Load test ${n + 1}` };
      const { api_key: key, api_secret: secret } = await internal.call(createApiKeyPair, { body });
      return { key, secret };
    });
  } finally {
    await internal.close();
  }
}

/** A card of ten points a euro, a reward of 50 points, a stamp card, vouchers, and members who joined by the front door. */
async function furnish(own: { call: Call }, partner: TestPartner, members: number): Promise<void> {
  const name = 'Load test';
  const { id: clubId } = await own.call(createClub, { body: { name } });
  const body = { club_id: clubId, name, currency: 'EUR', points_per_currency: 10 };
  const { id: cardId } = await own.call(createCard, { body });
  const reward = { card_id: cardId, name: 'Coffee', points: 50 };
  const { id: rewardId } = await own.call(createReward, { body: reward });
  const [required, points] = [5, 25];
  const stamps = { stamps_required: required, reward_points: points, reward_card_id: cardId };
  const stampCard = await own.call(createStampCard, {
    body: { club_id: clubId, name, title: 'Five coffees', requires_physical_claim: true, ...stamps },
  });
  const vouchers = [];
  for (const terms of [
    { type: 'bonus_points' as const, value: 20, reward_card_id: cardId },
    { type: 'percentage' as const, value: 10 },
  ]) {
    const any = { max_uses_total: null, max_uses_per_member: null };
    const { id, code } = await own.call(createVoucher, { body: { club_id: clubId, name, ...any, ...terms } });
    vouchers.push({ id, code, type: terms.type, value: terms.value });
  }
  Object.assign(partner, { clubId, cardId, rewardId, vouchers, stampCard: { id: stampCard.id, required, points } });
  partner.members = await repeat(members, () => newMember(own.call, partner.slug));
}

async function newMember(call: Call, slug: string): Promise<TestMember> {
  const email = `till.${randomUUID()}@example.com`;
  // Joins are limited by address: where the gateway trusts us, each member has one of its own.
  const headers = { 'x-forwarded-for': `10.${randomInt(256)}.${randomInt(256)}.${randomInt(1, 255)}` };
  const { member, key } = await call(join, {
    headers,
    params: { partner_slug: slug },
    body: { name: 'Load Test', email, accepts_terms: true },
  });
  return { id: member.id, email, unique_identifier: member.unique_identifier, key: key?.key ?? '' };
}

/** Makes what a scenario needs, with the admin key. */
export function createHouse(target: Target, say: Say): House {
  const admin = patient(target, target.adminKey, say);
  const made: TestPartner[] = [];

  const partner = async ({ tier, agentKeys, pairs, members }: PartnerWish): Promise<TestPartner> => {
    const name = `Load test ${randomUUID()}`;
    const { id, slug } = await admin.call(createPartner, {
      // `limited`: the hourly quota holds on staging too.
      body: { name, email: 'loadtest@example.com', tier, limited: true, permissions: { agent_keys_limit: -1 } },
    });
    const all: TestPartner = {
      id,
      slug,
      tier,
      agentKeys: [],
      pairs: [],
      clubId: '',
      cardId: '',
      rewardId: '',
      stampCard: { id: '', required: 0, points: 0 },
      vouchers: [],
      members: [],
    };
    made.push(all);
    all.agentKeys = await repeat(agentKeys, async (n) => {
      const body = { name: `Till ${n + 1}`, preset: 'full' as const };
      return (await admin.call(createAgentKey, { params: { id }, body })).key ?? '';
    });
    all.pairs = await makePairs(target, id, pairs);
    if (members !== undefined) {
      const own = patient(target, all.agentKeys[0] ?? '', say);
      await furnish(own, all, members);
      await own.close();
    }
    const parts = [
      `${all.agentKeys.length} agent keys`,
      `${all.pairs.length} key pairs`,
      `${all.members.length} members`,
    ];
    say(`  partner ${slug}, ${tier}: ${parts.join(', ')}`);
    return all;
  };

  const leave = async (isKept: boolean): Promise<void> => {
    const left: string[] = [];
    for (const { id, slug } of isKept ? [] : made) {
      try {
        await admin.call(updatePartner, { params: { id }, body: { status: 'suspended' } });
        await admin.call(deletePartner, { params: { id }, query: { confirm: slug } });
      } catch (error) {
        // One that will not go keeps none of the others.
        left.push(`${slug} (${(error as Error).message})`);
      }
    }
    await admin.close();
    if (left.length > 0) throw new Error(`these partners are still there: ${left.join(', ')}`);
  };

  return { partner, leave };
}
