import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  bootstrapAdminKey,
  createAdminKey,
  createAgentKey,
  createApiKeyPair,
  createMemberKey,
  deletePartner,
  ensureMemberKey,
  findKey,
  invalidationChannel,
  listAgentKeys,
  memberChanged,
  newId,
  recordKeyUse,
  revokeAgentKey,
  rotateAgentKey,
  updateAgentKey,
  updatePartner,
  type KeyRecord,
} from '@punchcard/contracts';
import { keyHash, systemCaller } from '@punchcard/service-kit';
import { adminCaller, waitFor } from '@punchcard/testing';
import { Redis } from 'ioredis';
import { givenKey, givenPartner, startPartners, type Partners } from './given.ts';

const PEPPER = 'a pepper for the tests of partners only';
const admin = adminCaller();
let partners: Partners;

beforeAll(async () => {
  partners = await startPartners();
});
afterAll(() => partners.stop());

/** What a gateway is told of a key. */
async function recordOf(key: string, kind: 'agent_key' | 'api_key' = 'agent_key'): Promise<KeyRecord | undefined> {
  const { status, body } = await partners.send(systemCaller(), findKey, { body: { kind, hash: keyHash(PEPPER, key) } });
  return status === 200 ? (body.data as KeyRecord) : undefined;
}

describe('POST /admin/partners/{id}/agent-keys', () => {
  it('shows the key once, keeps its hash only, and gateways find it with its partner', async () => {
    const { id } = await givenPartner(partners.send, { tier: 'professional' });

    const sent = { params: { id }, body: { name: 'Till 1', preset: 'point_of_sale' }, key: 'key-1' };
    const { status, body } = await partners.send(admin, createAgentKey, sent);
    const replay = await partners.send(admin, createAgentKey, sent);

    expect(status).toBe(201);
    expect(body.data).toMatchObject({
      ...{ name: 'Till 1', role: 'partner', preset: 'point_of_sale', status: 'active', rate_limit: 1_000 },
      key: expect.stringMatching(/^rl_agent_[0-9A-Za-z]{40}$/),
      prefix: body.data.key.slice(0, 17),
      scopes: ['read', 'write:transactions', 'write:rewards'],
    });
    expect(replay).toMatchObject({
      status: 201,
      isReplayed: true,
      body: { data: { id: body.data.id, key: null, secret_shown_once: true } },
    });
    const kept = await partners.sql`select agent_keys::text as row from agent_keys where partner_id = ${id}`;
    expect(kept).toHaveLength(1);
    expect(JSON.stringify(kept)).not.toContain(body.data.key);
    expect(await recordOf(body.data.key)).toMatchObject({
      ...{ key_id: body.data.id, role: 'partner', owner: { id, type: 'partner' } },
      partner: { id, plan: 'professional', status: 'active', gates: { agent_keys_limit: 5 } },
    });
  });

  it('keeps the limit, also of ten parallel calls', async () => {
    const { id } = await givenPartner(partners.send, { permissions: { agent_keys_limit: 3 } });

    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        partners.send(admin, createAgentKey, { params: { id }, body: { name: `Till ${n}`, preset: 'full' } }),
      ),
    );

    expect(answers.filter(({ status }) => status === 201)).toHaveLength(3);
    expect(answers.find(({ status }) => status !== 201)).toMatchObject({
      status: 403,
      body: { code: 'LIMIT_REACHED', details: { limit_name: 'agent_keys_limit', limit: 3, current: 3 } },
    });
  });

  it.each([
    ['neither preset nor scopes', {}, 'preset'],
    ['both', { preset: 'full', scopes: ['read'] }, 'preset'],
    ['a scope of another role', { scopes: ['write:keys'] }, 'scopes[0]'],
    ['an end in the past', { preset: 'full', expires_at: '2020-01-01T00:00:00Z' }, 'expires_at'],
    ['too many calls a minute', { preset: 'full', rate_limit: 1_001 }, 'rate_limit'],
  ])('refuses %s and names the field', async (_name, rights, field) => {
    const { id } = await givenPartner(partners.send);

    const { status, body } = await partners.send(admin, createAgentKey, {
      params: { id },
      body: { name: 'x', ...rights },
    });

    expect([status, Object.keys(body.details.errors)]).toEqual([422, [field]]);
  });
});

describe('POST /admin/agent-keys/{id}/rotate', () => {
  it('gives a new key of the same rights; the pair counts as one, and turns once', async () => {
    const { id } = await givenPartner(partners.send, { permissions: { agent_keys_limit: 1 } });
    const old = await givenKey(partners.send, id, { preset: 'view_only' });

    const sent = { params: { id: old.id }, body: { overlap_seconds: 60 } };
    const { status, body } = await partners.send(admin, rotateAgentKey, sent);

    expect(status).toBe(201);
    expect(body.data).toMatchObject({
      scopes: ['read'],
      status: 'active',
      replaces: { id: old.id, prefix: old.prefix },
    });
    expect(Date.parse((await recordOf(old.key))!.expires_at!) - Date.now()).toBeLessThanOrEqual(60_000);
    expect(await recordOf(body.data.key)).toMatchObject({ expires_at: null });
    expect(await partners.send(admin, rotateAgentKey, sent)).toMatchObject({
      status: 409,
      body: { details: { reason: 'rotated' } },
    });
    const listed = await partners.send(admin, listAgentKeys, { params: { id }, query: { status: 'expiring' } });
    expect(listed.body.data.map((key: { id: string }) => key.id)).toEqual([old.id]);
    expect(
      (await partners.send(admin, createAgentKey, { params: { id }, body: { name: 'x', preset: 'full' } })).status,
    ).toBe(403);
  });

  it('is not undone by a change of the old key, whose overlap can end sooner only', async () => {
    const { id } = await givenPartner(partners.send);
    const old = await givenKey(partners.send, id);
    const rotated = await partners.send(admin, rotateAgentKey, {
      params: { id: old.id },
      body: { overlap_seconds: 600 },
    });
    const end = new Date(rotated.body.data.replaces.expires_at).getTime();
    const change = (expires_at: string | null) =>
      partners.send(admin, updateAgentKey, { params: { id: old.id }, body: { expires_at } });

    for (const expiresAt of [null, new Date(end + 1_000).toISOString()]) {
      expect(await change(expiresAt)).toMatchObject({
        status: 409,
        body: { code: 'CONFLICT', details: { reason: 'rotated', current_state: 'expiring' } },
      });
    }
    const sooner = new Date(end - 300_000).toISOString();
    expect(await change(sooner)).toMatchObject({ status: 200, body: { data: { expires_at: sooner } } });
  });

  it('gives no admin key to one that has less', async () => {
    const full = (await partners.send(systemCaller(), bootstrapAdminKey, { body: { name: 'Root' } })).body.data;

    const { status, body } = await partners.send(adminCaller(['write:keys']), rotateAgentKey, {
      params: { id: full.key_id },
      body: {},
    });

    expect([status, body.code]).toEqual([403, 'AUTH_INSUFFICIENT_SCOPE']);
  });
});

describe('PUT and DELETE /admin/agent-keys/{id}', () => {
  it('change and end a key, and tell the gateways at once', async () => {
    const { id } = await givenPartner(partners.send);
    const key = await givenKey(partners.send, id);
    const told: string[] = [];
    const redis = new Redis(process.env['TEST_REDIS_URL'] ?? '');
    redis.on('message', (_channel, message) => told.push(message));
    await redis.subscribe(invalidationChannel);

    const changed = await partners.send(admin, updateAgentKey, {
      params: { id: key.id },
      body: { scopes: ['read'], rate_limit: 5 },
    });
    const ended = await partners.send(admin, revokeAgentKey, { params: { id: key.id } });

    expect(changed.body.data).toMatchObject({ scopes: ['read'], preset: 'view_only', rate_limit: 5 });
    expect(ended).toMatchObject({ status: 200, body: { data: { id: key.id, deleted: true } } });
    expect((await recordOf(key.key))!.revoked_at).not.toBeNull();
    expect((await partners.send(admin, revokeAgentKey, { params: { id: key.id } })).status).toBe(404);
    expect((await partners.send(admin, updateAgentKey, { params: { id: key.id }, body: { name: 'x' } })).status).toBe(
      409,
    );
    await waitFor('both to be told', () => told.filter((message) => message === key.id).length >= 2);
    redis.disconnect();
  });
});

describe('admin keys', () => {
  it('are never wider than the key that makes them', async () => {
    const narrow = adminCaller(['read', 'write:keys']);

    const wide = await partners.send(narrow, createAdminKey, { body: { name: 'x', preset: 'full' } });
    const same = await partners.send(narrow, createAdminKey, { body: { name: 'x', scopes: ['write:keys'] } });

    expect([wide.status, wide.body.code, same.status]).toEqual([403, 'AUTH_INSUFFICIENT_SCOPE', 201]);
  });
});

describe('keys of members', () => {
  it('are made once for an id, and a registration that is repeated ends the first', async () => {
    const { id } = await givenPartner(partners.send);
    const [first, second, late, memberId] = [newId(), newId(), newId(), newId()];
    const ensure = (keyId: string, replaces: string[]) =>
      partners.send(systemCaller(), ensureMemberKey, {
        body: {
          ...ensureMemberKey.example.body,
          key_id: keyId,
          partner_id: id,
          member_id: memberId,
          hash: hashOf(keyId),
          replaces,
        },
      });

    await ensure(first, []);
    await ensure(first, []);
    await ensure(second, [first, late]);
    await ensure(late, []);

    const keys =
      await partners.sql`select key_id, revoked_at is null as is_good from agent_keys where partner_id = ${id} order by key_id`;
    expect(keys).toEqual([
      { keyId: first, isGood: false },
      { keyId: second, isGood: true },
      { keyId: late, isGood: false },
    ]);
  });

  it.each([
    ['suspended', false],
    ['deleted', true],
  ])('are not made where the partner is %s', async (_state, isDeleted) => {
    const { id, slug } = await givenPartner(partners.send);
    await partners.send(admin, updatePartner, { params: { id }, body: { status: 'suspended' } });
    if (isDeleted) await partners.send(admin, deletePartner, { params: { id }, query: { confirm: slug } });
    const body = { ...ensureMemberKey.example.body, key_id: newId(), partner_id: id, member_id: newId() };

    const answer = await partners.send(systemCaller(), ensureMemberKey, { body });

    expect([answer.status, answer.body.details]).toEqual([404, { resource: 'partner', id }]);
    expect(await partners.sql`select 1 from agent_keys where key_id = ${body.key_id}`).toHaveLength(0);
  });

  it('are given out anew by an admin, at most three without ending the others, and end with the member', async () => {
    const { id } = await givenPartner(partners.send);
    const memberId = newId();
    const member = { event: memberChanged, key: id, data: { ...memberChanged.example, member_id: memberId } };
    await partners.topics.publish(id, [member]);
    const make = (body: object) =>
      partners.send(admin, createMemberKey, {
        params: { id: memberId },
        body: { name: 'Phone', preset: 'full_access', ...body },
      });

    const statuses = [];
    for (const body of [{}, { replace: false }, { replace: false }, { replace: false }, {}])
      statuses.push((await make(body)).status);

    expect(statuses).toEqual([201, 201, 201, 403, 201]);
    expect(
      (
        await partners.send(admin, createMemberKey, {
          params: { id: newId() },
          body: { name: 'x', preset: 'view_only' },
        })
      ).status,
    ).toBe(404);
    await partners.topics.publish(id, [
      { ...member, sequence: 2, data: { ...member.data, state: 'anonymised', identifiers: [] } },
    ]);
    await waitFor('the keys to end', async () => {
      const good = await partners.sql`select 1 from agent_keys where partner_id = ${id} and revoked_at is null`;
      return good.length === 0;
    });
  });
});

describe('key pairs and use', () => {
  it('are found by the public half, with the hash of the secret', async () => {
    const { id } = await givenPartner(partners.send);
    const body = { partner_id: id, name: 'Office', permissions: ['analytics:read'] };

    const pair = (await partners.send(systemCaller(), createApiKeyPair, { body })).body.data;

    expect(await recordOf(pair.api_key, 'api_key')).toMatchObject({
      ...{ kind: 'api_key', permissions: ['analytics:read'], shop_ids: null, partner: { id } },
      secrets: [{ hash: keyHash(PEPPER, pair.api_secret), expires_at: null }],
    });
  });

  it('record when a key was last used, and never an earlier instant', async () => {
    const { id } = await givenPartner(partners.send);
    const key = await givenKey(partners.send, id);
    const use = (at: string) =>
      partners.send(systemCaller(), recordKeyUse, { body: { used: [{ key_id: key.id, at }] } });

    await use('2026-03-08T09:15:00.000Z');
    await use('2026-03-08T09:10:00.000Z');

    expect((await recordOf(key.key))!.last_used_at).toBe('2026-03-08T09:15:00.000Z');
  });
});

const hashOf = (id: string) => keyHash(PEPPER, id);
