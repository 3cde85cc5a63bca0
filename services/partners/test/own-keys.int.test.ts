import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  createMemberKey,
  createMyKey,
  findKey,
  listMyKeys,
  memberChanged,
  newId,
  revokeAgentKey,
  revokeMyKey,
  type Caller,
} from '@punchcard/contracts';
import { keyHash, systemCaller } from '@punchcard/service-kit';
import { adminCaller, givenCallerPartner, memberCaller } from '@punchcard/testing';
import { givenKey, givenPartner, startPartners, type Partners } from './given.ts';

let partners: Partners;

beforeAll(async () => {
  partners = await startPartners();
});
afterAll(() => partners.stop());

const DAY_MS = 86_400_000;
const scopes = ['read', 'write:profile', 'write:redeem'];

/** A member of a partner, as the gateway lets it in. */
async function givenMember(ownScopes: string[] = scopes): Promise<Caller> {
  const { id } = await givenPartner(partners.send);
  return { ...memberCaller(givenCallerPartner({}, { id }), newId()), scopes: ownScopes };
}

const make = (caller: Caller, body: object = {}, key?: string) =>
  partners.send(caller, createMyKey, {
    body: { name: 'Phone', ...('scopes' in body ? {} : { preset: 'full_access' }), ...body },
    ...(key === undefined ? {} : { key }),
  });
const list = async (caller: Caller) => (await partners.send(caller, listMyKeys)).body;
const revoke = (caller: Caller, id: string) => partners.send(caller, revokeMyKey, { params: { id } });

describe('POST /member/keys', () => {
  it('makes a key of 90 days that opens the member, and shows its text once', async () => {
    const caller = await givenMember();

    const { status, body } = await make(caller, {}, 'key-1');
    const replay = await make(caller, {}, 'key-1');

    expect(status).toBe(201);
    expect(body.data).toMatchObject({
      ...{ name: 'Phone', role: 'member', preset: 'full_access', scopes, rate_limit: 120, status: 'active' },
      key: expect.stringMatching(/^rl_member_[0-9A-Za-z]{40}$/),
    });
    const days = (Date.parse(body.data.expires_at) - Date.now()) / DAY_MS;
    expect(days).toBeGreaterThan(89.9);
    expect(days).toBeLessThanOrEqual(90);
    expect(replay).toMatchObject({ isReplayed: true, body: { data: { id: body.data.id, key: null } } });
    const record = await partners.send(systemCaller(), findKey, {
      body: { kind: 'agent_key', hash: keyHash('a pepper for the tests of partners only', body.data.key) },
    });
    expect(record.body.data).toMatchObject({ role: 'member', member_id: caller.member_id, owner: { type: 'member' } });
  });

  it('gives no scope that the calling key lacks, and all of them to one that has admin', async () => {
    const narrow = await givenMember(['read', 'write:profile']);

    expect(await make(narrow)).toMatchObject({
      status: 403,
      body: { code: 'AUTH_INSUFFICIENT_SCOPE', details: { required_scopes: ['write:redeem'] } },
    });
    expect((await make(narrow, { scopes: ['read'] })).status).toBe(201);
    expect((await make(narrow, { scopes: ['admin'] })).status).toBe(403);
    expect((await make(await givenMember(['admin']), { scopes: ['admin'] })).status).toBe(201);
  });

  it('keeps the limit of three, also of ten at once, and counts neither revoked nor other members', async () => {
    const caller = await givenMember();
    const neighbour = { ...caller, member_id: newId() };

    const answers = await Promise.all(Array.from({ length: 10 }, () => make(caller)));

    expect(answers.filter(({ status }) => status === 201)).toHaveLength(3);
    expect(answers.find(({ status }) => status === 403)?.body).toMatchObject({
      code: 'LIMIT_REACHED',
      details: { limit_name: 'member_keys_limit', limit: 3, current: 3 },
    });
    expect((await make(neighbour)).status).toBe(201);
    await revoke(caller, answers.find(({ status }) => status === 201)!.body.data.id);
    expect((await make(caller)).status).toBe(201);
  });

  it.each([
    ['neither preset nor scopes', { preset: undefined }, 'preset'],
    ['both', { scopes: ['read'], preset: 'view_only' }, 'preset'],
    ['a preset of another role', { preset: 'full' }, 'preset'],
    ['a scope of another role', { scopes: ['write:cards'] }, 'scopes[0]'],
    ['an end in the past', { expires_at: '2020-01-01T00:00:00Z' }, 'expires_at'],
    ['more than a year', { expires_at: new Date(Date.now() + 366 * DAY_MS).toISOString() }, 'expires_at'],
    ['a key without an end', { expires_at: null }, 'expires_at'],
    ['a rate limit', { rate_limit: 1 }, 'rate_limit'],
  ])('refuses %s and names the field', async (_name, body, field) => {
    const answer = await make(await givenMember(), body);

    expect([answer.status, Object.keys(answer.body.details.errors)]).toEqual([422, [field]]);
  });
});

describe('GET /member/keys', () => {
  it("shows the member's own keys, newest first, and those revoked for 90 days", async () => {
    const caller = await givenMember();
    const [first, second, third] = [await make(caller), await make(caller), await make(caller)];
    await revoke(caller, second.body.data.id);
    await revoke(caller, third.body.data.id);
    await partners.sql`
      update agent_keys
      set revoked_at = revoked_at - interval '91 days'
      where partner_id = ${caller.partner_id} and key_id = ${third.body.data.id}
    `;
    await make({ ...caller, member_id: newId() });
    await givenKey(partners.send, caller.partner_id!);

    const { data, pagination } = await list(caller);

    expect(data).toMatchObject([
      { id: second.body.data.id, status: 'revoked', revoked_at: expect.any(String) },
      { id: first.body.data.id, status: 'active', revoked_at: null },
    ]);
    expect(pagination.total).toBe(2);
    expect(JSON.stringify(data)).not.toContain(first.body.data.key);
  });
});

describe('DELETE /member/keys/{id}', () => {
  it('ends a key at once, also the calling one; an ended one is not there', async () => {
    const caller = await givenMember();
    const { id } = (await make(caller)).body.data;

    const gone = await revoke({ ...caller, key_id: id }, id);

    expect(gone).toMatchObject({ status: 200, body: { data: { id, deleted: true } } });
    expect((await partners.eventsOf(caller.partner_id!, gone.mark)).at(-1)).toMatchObject({
      type: 'partners.key_changed.v1',
      data: { key_id: id, status: 'revoked', member_id: caller.member_id },
    });
    expect(await revoke(caller, id)).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
  });

  it("is 404 for another member's key, a partner's, another partner's and one that is not", async () => {
    const caller = await givenMember();
    const others = [
      (await make({ ...caller, member_id: newId() })).body.data.id,
      (await givenKey(partners.send, caller.partner_id!)).id,
      (await make(await givenMember())).body.data.id,
      newId(),
    ];

    for (const id of others) expect((await revoke(caller, id)).status).toBe(404);
  });
});

describe('a key that an admin made or ended', () => {
  it('is in the list of the member', async () => {
    const caller = await givenMember();
    const member = { ...memberChanged.example, member_id: caller.member_id! };
    await partners.topics.publish(caller.partner_id!, [
      { event: memberChanged, key: caller.partner_id!, data: member },
    ]);
    await make(caller);

    const made = await partners.send(adminCaller(), createMemberKey, {
      params: { id: caller.member_id! },
      body: { name: 'New phone', preset: 'view_only' },
    });

    expect((await list(caller)).data).toMatchObject([
      { id: made.body.data.id, preset: 'view_only', status: 'active' },
      { status: 'revoked' },
    ]);
    await partners.send(adminCaller(), revokeAgentKey, { params: { id: made.body.data.id } });
    expect((await list(caller)).data[0]).toMatchObject({ status: 'revoked' });
  });
});
