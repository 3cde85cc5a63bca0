import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  bootstrapAdminKey,
  createAdminKey,
  createAgentKey,
  getPartner,
  listAdminKeys,
  recordKeyUse,
  revokeAgentKey,
  rotateAgentKey,
  updateAgentKey,
} from '@punchcard/contracts';
import { systemCaller } from '@punchcard/service-kit';
import { adminCaller } from '@punchcard/testing';
import { givenKey, givenPartner, startPartners, type Partners } from './given.ts';

const admin = adminCaller();
let partners: Partners;

beforeAll(async () => {
  partners = await startPartners();
});
afterAll(() => partners.stop());

const revoke = (id: string) => partners.send(admin, revokeAgentKey, { params: { id } });
const change = (id: string, body: object) => partners.send(admin, updateAgentKey, { params: { id }, body });
const lastOne = { status: 409, body: { code: 'CONFLICT', details: { reason: 'last_admin_key' } } };

describe('the last admin key that can make keys', () => {
  it('is neither revoked nor narrowed, also when two that go at once are the last ones', async () => {
    const root = (await partners.send(systemCaller(), bootstrapAdminKey, { body: { name: 'Root' } })).body.data.key_id;
    await partners.send(admin, createAdminKey, { body: { name: 'Reader', preset: 'view_only' } });

    expect(await revoke(root)).toMatchObject(lastOne);
    expect(await change(root, { preset: 'view_only' })).toMatchObject(lastOne);
    expect((await change(root, { scopes: ['read', 'write:keys'], name: 'Keys' })).status).toBe(200);

    const second = await partners.send(admin, createAdminKey, { body: { name: 'Second', preset: 'full' } });
    const both = await Promise.all([revoke(root), change(second.body.data.id, { preset: 'view_only' })]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    const { data } = (await partners.send(admin, listAdminKeys)).body;
    expect(
      data.filter(
        ({ status, scopes }: { status: string; scopes: string[] }) =>
          status === 'active' && !scopes.every((scope) => scope === 'read'),
      ),
    ).toHaveLength(1);
  });
});

describe('the last use of keys', () => {
  it('is kept by gateways that tell of the same keys in another order at once', async () => {
    const { id } = await givenPartner(partners.send, { permissions: { agent_keys_limit: -1 } });
    const keys: string[] = [];
    while (keys.length < 20) keys.push((await givenKey(partners.send, id)).id);
    const tell = (order: readonly string[], minute: number) =>
      partners.send(systemCaller(), recordKeyUse, {
        body: {
          used: order.map((keyId) => ({ key_id: keyId, at: new Date(Date.UTC(2026, 2, 8, 9, minute)).toISOString() })),
        },
      });

    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, n) => tell(n % 2 === 0 ? keys : keys.toReversed(), n)),
    );

    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
    const rows = await partners.sql`select distinct last_used_at from agent_keys where partner_id = ${id}`;
    expect(rows).toEqual([{ lastUsedAt: new Date('2026-03-08T09:29:00.000Z') }]);
  });
});

describe('a rotated pair', () => {
  it('counts as one as long as both work, and the old key counts again when the new one ends', async () => {
    const { id } = await givenPartner(partners.send, { permissions: { agent_keys_limit: 1 } });
    const old = await givenKey(partners.send, id);
    const usage = async () => (await partners.send(admin, getPartner, { params: { id } })).body.data.usage.agent_keys;
    const rotated = await partners.send(admin, rotateAgentKey, { params: { id: old.id }, body: {} });
    expect(await usage()).toBe(1);

    await revoke(rotated.body.data.id);

    expect(await usage()).toBe(1);
    const more = { params: { id }, body: { name: 'More', preset: 'full' } };
    expect((await partners.send(admin, createAgentKey, more)).status).toBe(403);
    await revoke(old.id);
    expect((await partners.send(admin, createAgentKey, more)).status).toBe(201);
  });
});
