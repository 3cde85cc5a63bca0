import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  cardChanged,
  createPartner,
  deletePartner,
  getPartner,
  getPermissions,
  listNetworks,
  listPartners,
  sample,
  staffChanged,
  stampCardChanged,
  updatePartner,
  updatePermissions,
  voucherBatchCreated,
  voucherChanged,
} from '@punchcard/contracts';
import { adminCaller, waitFor } from '@punchcard/testing';
import { givenKey, givenPartner, startPartners, type Partners } from './given.ts';

let partners: Partners;
const admin = adminCaller();

beforeAll(async () => {
  partners = await startPartners();
});
afterAll(() => partners.stop());

const uniqueName = () => `Bean ${crypto.randomUUID()}`;

describe('POST /admin/partners', () => {
  it('makes a partner with its owner and defaults, and announces its whole state', async () => {
    const name = uniqueName();

    const { status, body, mark } = await partners.send(admin, createPartner, {
      body: {
        ...{ name, email: 'office@bean.example', tier: 'professional', network: 'Baltic bakeries' },
        owner: { name: 'Ona', email: 'ona@bean.example', password: 'correct horse battery' },
        permissions: { clubs_limit: 3 },
      },
    });

    expect(status).toBe(201);
    expect(body.data).toMatchObject({
      ...{
        name,
        slug: name.toLowerCase().replaceAll(' ', '-'),
        tier: 'professional',
        status: 'active',
        limited: false,
      },
      ...{ currency: 'EUR', time_zone: 'UTC', locale: 'en_US', phone: null },
      network: { name: 'Baltic bakeries' },
      owner: { name: 'Ona', email: 'ona@bean.example' },
      permissions: { clubs_limit: 3, agent_keys_limit: 5, agent_api_permission: true },
      usage: { clubs: 0, cards: 0, members: 0, agent_keys: 0 },
    });
    const [event] = await partners.eventsOf(body.data.id, mark);
    expect(event).toMatchObject({
      type: 'partners.partner_changed.v1',
      sequence: 1,
      data: { partner_id: body.data.id, tier: 'professional', gates: { clubs_limit: 3 }, is_deleted: false },
    });
    expect(JSON.stringify(event)).not.toContain('ona@bean.example');
    const [user] = await partners.sql`select password_hash from users where partner_id = ${body.data.id}`;
    expect(user?.['passwordHash']).toMatch(/^\$argon2id\$/);
  });

  it('numbers a slug made from a name, and refuses one that was asked for and is taken', async () => {
    const name = uniqueName();
    const first = await givenPartner(partners.send, { name });

    const second = await givenPartner(partners.send, { name });
    const asked = await partners.send(admin, createPartner, { body: { name, email: 'a@b.example', slug: first.slug } });

    expect(second.slug).toBe(`${first.slug}-2`);
    expect(asked).toMatchObject({
      status: 409,
      body: { code: 'ALREADY_EXISTS', details: { field: 'slug', existing_id: first.id } },
    });
  });

  it('makes one of twenty parallel requests with one Idempotency-Key', async () => {
    const body = { name: uniqueName(), email: 'a@b.example' };
    const key = crypto.randomUUID();

    const answers = await Promise.all(
      Array.from({ length: 20 }, () => partners.send(admin, createPartner, { body, key })),
    );

    expect(new Set(answers.map((answer) => answer.body.data.id)).size).toBe(1);
    expect(answers.filter(({ isReplayed }) => isReplayed)).toHaveLength(19);
  });
});

describe('PUT /admin/partners/{id}', () => {
  it('changes what is given and keeps the rest', async () => {
    const { id } = await givenPartner(partners.send, { phone: '+37060000000' });

    const changed = await partners.send(admin, updatePartner, {
      params: { id },
      body: { tier: 'enterprise', phone: null },
    });
    const nothing = await partners.send(admin, updatePartner, { params: { id }, body: {} });

    expect(changed.body.data).toMatchObject({ id, tier: 'enterprise', phone: null, email: 'office@example.com' });
    expect(changed.mark).toBe(2);
    expect(nothing).toMatchObject({ status: 200, mark: null, body: { data: { tier: 'enterprise' } } });
  });

  it('gives a free slug to one of two that ask for it at once', async () => {
    const pair = [await givenPartner(partners.send), await givenPartner(partners.send)];
    const slug = `slug-${crypto.randomUUID()}`;

    // Lets both find the slug free, and neither write it yet.
    const sent = await partners.sql.begin(async (tx) => {
      await tx`lock table partners in share mode`;
      const both = pair.map(({ id }) => partners.send(admin, updatePartner, { params: { id }, body: { slug } }));
      await waitFor('both to wait', async () => {
        const waiting = await tx`select 1 from pg_locks where relation = 'partners'::regclass and not granted`;
        return waiting.length === 2;
      });
      return { both };
    });
    const [won, lost] = (await Promise.all(sent.both)).sort((a, b) => a.status - b.status);

    expect(won).toMatchObject({ status: 200, body: { data: { slug } } });
    expect(lost).toMatchObject({
      status: 409,
      body: { code: 'ALREADY_EXISTS', details: { field: 'slug', existing_id: won!.body.data.id } },
    });
  });

  it('lets a network go when its last partner leaves', async () => {
    const network = `Network ${crypto.randomUUID()}`;
    const { id } = await givenPartner(partners.send, { network });
    const names = async () =>
      (await partners.send(admin, listNetworks, { query: { per_page: 100 } })).body.data.map(
        (one: { name: string }) => one.name,
      );
    expect(await names()).toContain(network);

    await partners.send(admin, updatePartner, { params: { id }, body: { network: null } });

    expect(await names()).not.toContain(network);
  });
});

describe('PUT /admin/partners/{id}/permissions', () => {
  it('keeps what is absent', async () => {
    const { id } = await givenPartner(partners.send, { permissions: { clubs_limit: 3 } });

    await partners.send(admin, updatePermissions, { params: { id }, body: { vouchers_permission: false } });

    const { body } = await partners.send(admin, getPermissions, { params: { id } });
    expect(body.data).toMatchObject({ clubs_limit: 3, vouchers_permission: false, cards_on_homepage: false });
  });
});

describe('DELETE /admin/partners/{id}', () => {
  it('wants the slug and a suspended partner, then ends it with its keys, for good', async () => {
    const { id, slug } = await givenPartner(partners.send);
    await givenKey(partners.send, id);
    const remove = (confirm: string) => partners.send(admin, deletePartner, { params: { id }, query: { confirm } });

    expect(await remove('another')).toMatchObject({
      status: 422,
      body: { details: { errors: { confirm: [expect.any(String)] } } },
    });
    expect(await remove(slug)).toMatchObject({
      status: 409,
      body: { details: { reason: 'not_suspended', current_state: 'active' } },
    });
    await partners.send(admin, updatePartner, { params: { id }, body: { status: 'suspended' } });
    const gone = await remove(slug);

    expect(gone).toMatchObject({ status: 200, body: { data: { id, deleted: true } } });
    expect((await partners.eventsOf(id, gone.mark)).at(-1)?.data).toMatchObject({ is_deleted: true });
    expect(await remove(slug)).toMatchObject({ status: 404 });
    expect((await partners.send(admin, getPartner, { params: { id } })).status).toBe(404);
    const [key] = await partners.sql`select revoked_at from agent_keys where partner_id = ${id}`;
    expect(key?.['revokedAt']).toBeInstanceOf(Date);
    const again = await partners.send(admin, createPartner, { body: { name: 'x', email: 'a@b.example', slug } });
    expect(again.status).toBe(409);
  });
});

describe('GET /admin/partners', () => {
  it('finds by name, slug and e-mail, and takes a percent sign for itself', async () => {
    const name = `100% ${crypto.randomUUID()}`;
    const { id, slug } = await givenPartner(partners.send, { name });
    const idsOf = async (query: Record<string, string>) =>
      (await partners.send(admin, listPartners, { query })).body.data.map((one: { id: string }) => one.id);

    expect(await idsOf({ search: name.toUpperCase() })).toEqual([id]);
    expect(await idsOf({ search: slug })).toEqual([id]);
    expect(await idsOf({ search: name.replace('%', '_') })).toEqual([]);
    expect(await idsOf({ search: slug, tier: 'enterprise' })).toEqual([]);
  });
});

describe('usage', () => {
  const cardsOf = async (id: string) =>
    (await partners.send(admin, getPartner, { params: { id } })).body.data.usage.cards as number;
  const changeOf = (
    id: string,
    sequence: number,
    { cardId, isDeleted = false }: { cardId: string; isDeleted?: boolean },
  ) => ({
    event: cardChanged,
    ...{ key: id, sequence },
    data: { ...cardChanged.example, card_id: cardId, is_deleted: isDeleted },
  });

  it('counts what exists elsewhere, each once, and what is gone no more', async () => {
    const { id } = await givenPartner(partners.send);
    const cardId = sample.cardId;

    await partners.topics.publish(id, [changeOf(id, 1, { cardId }), changeOf(id, 2, { cardId })]);
    await waitFor('the card', async () => (await cardsOf(id)) === 1);
    await partners.topics.publish(id, [changeOf(id, 3, { cardId, isDeleted: true })]);

    await waitFor('its end', async () => (await cardsOf(id)) === 0);
  });

  it('counts stamp cards', async () => {
    const { id } = await givenPartner(partners.send);
    const stampCards = async () =>
      (await partners.send(admin, getPartner, { params: { id } })).body.data.usage.stamp_cards;
    const change = (sequence: number, isDeleted: boolean) => ({
      event: stampCardChanged,
      ...{ key: id, sequence, data: { ...stampCardChanged.example, is_deleted: isDeleted } },
    });

    await partners.topics.publish(id, [change(1, false)]);
    await waitFor('the stamp card', async () => (await stampCards()) === 1);
    await partners.topics.publish(id, [change(2, true)]);

    await waitFor('its end', async () => (await stampCards()) === 0);
  });

  it('counts staff, and nobody who was deleted', async () => {
    const { id } = await givenPartner(partners.send);
    const staffOf = async () => (await partners.send(admin, getPartner, { params: { id } })).body.data.usage.staff;
    const change = (sequence: number, staffId: string, isDeleted = false) => ({
      event: staffChanged,
      ...{ key: id, sequence },
      data: { ...staffChanged.example, staff_id: staffId, is_deleted: isDeleted },
    });
    const [stays, leaves] = [crypto.randomUUID(), crypto.randomUUID()];

    await partners.topics.publish(id, [change(1, stays), change(2, leaves), change(3, stays)]);
    await waitFor('two people', async () => (await staffOf()) === 2);
    await partners.topics.publish(id, [change(4, leaves, true)]);

    await waitFor('the one who left', async () => (await staffOf()) === 1);
  });

  it('does not count again what is gone, when an older event of it is replayed', async () => {
    const { id } = await givenPartner(partners.send);
    const usage = async () => (await partners.send(admin, getPartner, { params: { id } })).body.data.usage;
    const gone = crypto.randomUUID();

    await partners.topics.publish(id, [
      ...[changeOf(id, 1, { cardId: gone }), changeOf(id, 3, { cardId: gone, isDeleted: true })],
      changeOf(id, 2, { cardId: gone }),
      // Of another kind: a card would not tell the end from the moment in which `gone` still counted.
      { event: stampCardChanged, key: id, sequence: 4, data: stampCardChanged.example },
    ]);
    await waitFor('the last event', async () => (await usage()).stamp_cards === 1);

    expect((await usage()).cards).toBe(0);
  });

  it('counts each code of a batch, told once, and those of them that were deleted', async () => {
    const { id } = await givenPartner(partners.send);
    const vouchers = async () => (await partners.send(admin, getPartner, { params: { id } })).body.data.usage.vouchers;
    const change = (change: 'created' | 'changed' | 'deleted', voucherId: string, batchId: string | null) => ({
      ...{ event: voucherChanged, key: id, sequence: change === 'created' ? 1 : change === 'changed' ? 2 : 3 },
      data: { ...voucherChanged.example, voucher_id: voucherId, batch_id: batchId, change },
    });
    const [own, coded, batchId] = [crypto.randomUUID(), crypto.randomUUID(), crypto.randomUUID()];
    const batch = {
      ...{ event: voucherBatchCreated, key: id, sequence: 1 },
      data: { ...voucherBatchCreated.example, batch_id: batchId, count: 500 },
    };

    await partners.topics.publish(id, [change('created', own, null), change('changed', own, null), batch, batch]);
    await waitFor('all codes', async () => (await vouchers()) === 501);
    await partners.topics.publish(id, [
      ...[change('changed', coded, batchId), change('deleted', coded, batchId), change('deleted', coded, batchId)],
      change('deleted', own, null),
    ]);

    await waitFor('the end of one of them', async () => (await vouchers()) === 499);
  });
});
