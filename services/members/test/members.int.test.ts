import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  cardChanged,
  getMember,
  importMembers,
  join,
  listMembers,
  newId,
  partnerChanged,
  type Caller,
} from '@punchcard/contracts';
import { identifierHash, systemCaller } from '@punchcard/service-kit';
import { givenCallerPartner, partnerCaller, waitFor } from '@punchcard/testing';
import { anonymiseLeftBehind } from '../src/anonymisation/sweep.ts';
import { anybody, IDENTIFIER_PEPPER, startMembers } from './given.ts';

let members: Awaited<ReturnType<typeof startMembers>>;

beforeAll(async () => {
  members = await startMembers();
});
afterAll(() => members?.stop());

const ann = () => ({ name: 'Ann Example', email: `Ann.${crypto.randomUUID()}@Example.com`, accepts_terms: true });
const callerOf = (id: string): Caller => partnerCaller(givenCallerPartner({}, { id }));
const register = (slug: string, body: object, more: { key?: string; language?: string; caller?: Caller } = {}) => {
  const { caller = anybody(), ...rest } = more;
  return members.send(caller, join, { params: { partner_slug: slug }, body, ...rest });
};

describe('POST /api/join/{slug}', () => {
  it('makes a member and a key, and announces hashes, nothing personal', async () => {
    const { id, slug } = await members.givenPartner();
    const body = ann();

    const { status, body: answer } = await register(slug, body, { language: 'lt-LT,en;q=0.5' });

    expect(status).toBe(201);
    const { member, key, page_url: pageUrl } = answer.data;
    expect(member).toMatchObject({
      ...{ name: 'Ann Example', email: body.email, locale: 'lt_LT', time_zone: 'Europe/Vilnius', is_anonymous: false },
      unique_identifier: expect.stringMatching(/^\d{3}-\d{3}-\d{3}-\d{3}$/),
    });
    expect(key).toMatchObject({
      role: 'member',
      preset: 'full_access',
      status: 'active',
      key: expect.stringMatching(/^rl_member_\w{40}$/),
    });
    expect(pageUrl).toBe(`/join/${slug}`);
    const [event] = await members.eventsOf(id, 1);
    expect(event).toMatchObject({
      type: 'members.member_changed.v1',
      data: {
        member_id: member.id,
        state: 'active',
        identifiers: expect.arrayContaining([
          {
            kind: 'email',
            hash: identifierHash(IDENTIFIER_PEPPER, id, { kind: 'email', value: body.email.toLowerCase() }),
          },
        ]),
      },
    });
    expect(JSON.stringify(event)).not.toMatch(/ann|example\.com/i);
    expect(members.partners.keys).toContainEqual(
      expect.objectContaining({ key_id: key.id, member_id: member.id, replaces: [] }),
    );
  });

  it('makes an anonymous member of one who says nothing', async () => {
    const { slug } = await members.givenPartner();

    const { body } = await register(slug, { accepts_terms: true });

    expect(body.data.member).toMatchObject({ name: null, email: null, is_anonymous: true, locale: 'en_US' });
  });

  it('refuses an e-mail that is taken, in any case, also of twenty at once', async () => {
    const { slug } = await members.givenPartner();
    const body = ann();

    const answers = await Promise.all(
      Array.from({ length: 20 }, () => register(slug, { ...body, email: body.email.toUpperCase() })),
    );
    const again = await register(slug, body);

    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(again).toMatchObject({
      status: 409,
      body: { code: 'ALREADY_EXISTS', details: { field: 'email', existing_id: null } },
    });
    expect((await register((await members.givenPartner()).slug, body)).status).toBe(201);
  });

  it('answers a repeat with the same member and a new key that replaces the first', async () => {
    const { slug } = await members.givenPartner();
    const [body, caller] = [ann(), anybody()];

    const first = await register(slug, body, { key: 'join-1', caller });
    const second = await register(slug, body, { key: 'join-1', caller });

    expect(second).toMatchObject({ status: 201, isReplayed: true });
    expect(second.body.data.member).toEqual(first.body.data.member);
    expect(second.body.data.key.key).not.toBe(first.body.data.key.key);
    expect(members.partners.keys).toContainEqual(
      expect.objectContaining({ key_id: second.body.data.key.id, replaces: [first.body.data.key.id] }),
    );
  });

  it('registers nobody while partners is away: the same again is a first time, with and without Idempotency-Key', async () => {
    const { id, slug } = await members.givenPartner();
    const caller = anybody();
    const [ann1, ann2] = [ann(), ann()];
    members.partners.state.isAway = true;
    const cut = [await register(slug, ann1), await register(slug, ann2, { key: 'join-1', caller })];
    members.partners.state.isAway = false;
    const nobody = await members.sql`select 1 from members where partner_id = ${id}`;

    const again = [await register(slug, ann1), await register(slug, ann2, { key: 'join-1', caller })];

    expect(cut.map(({ body }) => body.retry_strategy)).toEqual(['backoff', 'backoff']);
    expect(nobody).toHaveLength(0);
    expect(again.map(({ status, isReplayed }) => [status, isReplayed])).toEqual([
      [201, false],
      [201, false],
    ]);
    for (const { body } of again) {
      expect(members.partners.keys).toContainEqual(
        expect.objectContaining({ key_id: body.data.key.id, member_id: body.data.member.id }),
      );
    }
  });

  it('gives a key that works to each of ten repeats at once, and one member', async () => {
    const { id, slug } = await members.givenPartner();
    const [body, caller] = [ann(), anybody()];

    const answers = await Promise.all(
      Array.from({ length: 10 }, () => register(slug, body, { key: 'join-1', caller })),
    );

    expect(new Set(answers.map((answer) => answer.body.data.member.id)).size).toBe(1);
    expect(await members.sql`select 1 from members where partner_id = ${id}`).toHaveLength(1);
    for (const { body: answer } of answers) {
      expect(members.partners.keys).toContainEqual(
        expect.objectContaining({ key_id: answer.data.key.id, member_id: answer.data.member.id }),
      );
    }
  });

  it("begins with a card of the partner, and with no other's and none that is gone", async () => {
    const { id, slug } = await members.givenPartner();
    const [own, gone] = [newId(), newId()];
    const card = (cardId: string, sequence: number, isDeleted = false) => ({
      event: cardChanged,
      ...{ key: id, sequence, data: { ...cardChanged.example, card_id: cardId, is_deleted: isDeleted } },
    });
    // The one that is known at the end is announced last: then the end of the other is known as well.
    await members.topics.publish(id, [card(gone, 1), card(gone, 2, true), card(own, 3)]);
    const other = await members.givenPartner();

    const begun = await register(slug, { ...ann(), card_id: own });
    const refused = [
      await register(slug, { ...ann(), card_id: gone }),
      await register(slug, { ...ann(), card_id: newId() }),
      await register(other.slug, { ...ann(), card_id: own }),
    ];

    expect(begun.status).toBe(201);
    for (const { status, body } of refused) {
      expect([status, body.code, body.details]).toEqual([
        404,
        'NOT_FOUND',
        { resource: 'card', field: 'card_id', id: expect.any(String) },
      ]);
    }
  });

  it('keeps the limit of members, also of ten at once', async () => {
    const { slug } = await members.givenPartner({ members_limit: 3 });

    const answers = await Promise.all(Array.from({ length: 10 }, () => register(slug, ann())));

    expect(answers.filter(({ status }) => status === 201)).toHaveLength(3);
    expect(answers.find(({ status }) => status === 403)?.body).toMatchObject({
      code: 'LIMIT_REACHED',
      details: { limit: 3, current: 3 },
    });
  });

  it('is 404 where there is no active partner, and 403 where the Agent API is off', async () => {
    const suspended = await members.givenPartner({}, { status: 'suspended' });
    const closed = await members.givenPartner({ agent_api_permission: false });

    expect((await register('nobody-here', ann())).body).toMatchObject({
      code: 'NOT_FOUND',
      details: { resource: 'partner' },
    });
    expect((await register(suspended.slug, ann())).status).toBe(404);
    expect((await register(closed.slug, ann())).body).toMatchObject({
      code: 'FEATURE_DISABLED',
      details: { feature: 'agent_api' },
    });
  });

  it('knows a partner the moment that it was announced', async () => {
    const { slug } = await members.announcePartner();

    expect((await register(slug, ann())).status).toBe(201);
  });

  it('is 404, and nobody is registered, for a partner that was suspended although no event has told yet', async () => {
    const { id, slug } = await members.givenPartner();
    members.partners.state.suspended.add(id);

    const answer = await register(slug, ann());

    expect([answer.status, answer.body.details]).toEqual([404, { resource: 'partner', id: slug }]);
    expect(await members.sql`select 1 from members where partner_id = ${id}`).toHaveLength(0);
  });

  it.each([
    ['terms that are not accepted', { accepts_terms: false }, 'accepts_terms'],
    ['no e-mail address', { accepts_terms: true, email: 'ann' }, 'email'],
    ['a phone without a country', { accepts_terms: true, phone: '0612345' }, 'phone'],
    ['a birthday to come', { accepts_terms: true, birthday: '2999-01-01' }, 'birthday'],
    ['a birthday that no calendar has', { accepts_terms: true, birthday: '2001-02-30' }, 'birthday'],
  ])('refuses %s', async (_name, body, field) => {
    const { slug } = await members.givenPartner();

    const answer = await register(slug, body);

    expect([answer.status, Object.keys(answer.body.details?.errors ?? {})]).toEqual([422, [field]]);
  });
});

describe('GET /partner/members', () => {
  it('finds by part of the name, and by whole identifiers; others see nothing', async () => {
    const { id, slug } = await members.givenPartner();
    const { member } = (await register(slug, ann())).body.data;
    const number = `A-${newId().slice(-8)}`;
    const row = { ...importMembers.example.body.members[0], member_id: newId(), email: null, member_number: number };
    await members.send(systemCaller({ partnerId: id }), importMembers, {
      body: { members: [{ ...row, name: 'Bea 50% Off' }] },
    });
    const idsOf = async (query: Record<string, string>, partnerId = id) =>
      (await members.send(callerOf(partnerId), listMembers, { query })).body.data?.map((one: { id: string }) => one.id);

    expect(await idsOf({ search: 'nn exa' })).toEqual([member.id]);
    expect(await idsOf({ search: '50%' })).toEqual([row.member_id]);
    expect(await idsOf({ search: '5_%' })).toEqual([]);
    expect(await idsOf({ search: member.email.toUpperCase() })).toEqual([member.id]);
    expect(await idsOf({ search: member.unique_identifier.replaceAll('-', '') })).toEqual([member.id]);
    expect(await idsOf({ member_identifier: number })).toEqual([row.member_id]);
    expect(await idsOf({ member_identifier: member.id })).toEqual([member.id]);
    expect(await idsOf({ member_identifier: 'nobody@example.com' })).toEqual([]);
    expect(await idsOf({ search: 'Ann' }, newId())).toEqual([]);
    expect((await members.send(callerOf(newId()), getMember, { params: { id: member.id } })).body.code).toBe(
      'MEMBER_NOT_FOUND',
    );
  });

  it('says that a member number given twice fits two', async () => {
    const { id } = await members.givenPartner();
    const row = { ...importMembers.example.body.members[0], email: null, member_number: 'A-1' };
    const rows = [1, 2].map(() => ({ ...row, member_id: newId() }));
    await members.send(systemCaller({ partnerId: id }), importMembers, { body: { members: rows } });

    const { status, body } = await members.send(callerOf(id), listMembers, { query: { member_identifier: 'A-1' } });

    expect([status, body.code, body.details]).toEqual([409, 'MEMBER_AMBIGUOUS', { matches: 2 }]);
  });
});

describe('an import', () => {
  it('is repeatable by id', async () => {
    const { id } = await members.givenPartner();
    const rows = Array.from({ length: 300 }, (_, n) => ({
      ...importMembers.example.body.members[0],
      ...{ member_id: newId(), email: `import-${n}@example.com`, member_number: null },
    }));
    const load = async () =>
      (await members.send(systemCaller({ partnerId: id }), importMembers, { body: { members: rows } })).body.data;

    expect(await load()).toEqual({ imported: 300, existing: 0 });
    expect(await load()).toEqual({ imported: 0, existing: 300 });
    expect(await members.eventsOf(id, 300)).toHaveLength(300);
  });
});

describe('when a partner is deleted', () => {
  it('its members lose all personal data, and everybody is told', async () => {
    const { id, slug, data } = await members.givenPartner();
    const { member } = (await register(slug, ann())).body.data;
    await members.topics.publish(id, [
      { event: partnerChanged, key: id, sequence: 2, data: { ...data, is_deleted: true } },
    ]);

    await waitFor('the sweep to find it', async () => (await anonymiseLeftBehind(members.sql, new Date())) > 0);
    members.app.relay.nudge();

    expect((await members.eventsOf(id, 2)).at(-1)?.data).toMatchObject({
      member_id: member.id,
      state: 'anonymised',
      identifiers: [],
    });
    const [row] = await members.sql`select members::text as row from members where partner_id = ${id}`;
    expect(row?.['row']).not.toMatch(/ann/i);
    expect((await members.send(callerOf(id), getMember, { params: { id: member.id } })).status).toBe(404);
  });
});
