import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  getAnyMember,
  getMember,
  getProfile,
  join,
  listAllMembers,
  newId,
  partnerChanged,
  pointsEarned,
  pointsRedeemed,
  recordMemberUse,
  stampsAdded,
  updateProfile,
  type Caller,
} from '@punchcard/contracts';
import { systemCaller } from '@punchcard/service-kit';
import {
  adminCaller,
  givenCallerPartner,
  memberCaller,
  partnerCaller,
  waitFor,
  type Published,
} from '@punchcard/testing';
import { anonymiseLeftBehind } from '../src/anonymisation/sweep.ts';
import { anybody, startMembers } from './given.ts';

let members: Awaited<ReturnType<typeof startMembers>>;

beforeAll(async () => {
  members = await startMembers();
});
afterAll(() => members?.stop());

/** A member that joined, and its own caller. */
async function givenMember(body: object = { name: 'Ann Example', email: `ann.${newId()}@example.com` }) {
  const partner = await members.givenPartner();
  return { partner, ...(await givenMemberOf(partner, body)) };
}

async function givenMemberOf({ id, slug }: { id: string; slug: string }, body: object) {
  const answer = await members.send(anybody(), join, {
    params: { partner_slug: slug },
    body: { accepts_terms: true, ...body },
  });
  const member = answer.body.data.member as Record<string, string>;
  const known = givenCallerPartner({}, { id });
  return { member, caller: memberCaller(known, member['id']!), partnerCaller: partnerCaller(known) };
}

const profileOf = async (caller: Caller) => (await members.send(caller, getProfile)).body.data;
const update = (caller: Caller, body: object, key?: string) =>
  members.send(caller, updateProfile, { body, ...(key === undefined ? {} : { key }) });

describe('GET /member/profile', () => {
  it('shows the caller, and nothing that happened yet', async () => {
    const { member, caller } = await givenMember();

    const { status, body } = await members.send(caller, getProfile);

    expect(status).toBe(200);
    expect(body.data).toEqual({
      id: member['id'],
      name: 'Ann Example',
      email: member['email'],
      locale: member['locale'],
      unique_identifier: member['unique_identifier'],
      avatar: null,
      is_anonymous: false,
      has_interacted: false,
      first_interaction_at: null,
      created_at: member['created_at'],
    });
  });

  it('is 404 once the member is anonymised, and for a member id of another partner', async () => {
    const { partner, caller, member } = await givenMember();
    const stranger = memberCaller(givenCallerPartner(), member['id']!);
    expect((await members.send(stranger, getProfile)).body.code).toBe('MEMBER_NOT_FOUND');

    await members.topics.publish(partner.id, [
      { event: partnerChanged, key: partner.id, sequence: 2, data: { ...partner.data, is_deleted: true } },
    ]);
    await waitFor('the sweep to find it', async () => (await anonymiseLeftBehind(members.sql, new Date())) > 0);

    expect((await members.send(caller, getProfile)).status).toBe(404);
    expect((await update(caller, { name: 'Back' })).status).toBe(404);
  });
});

describe('PUT /member/profile', () => {
  it('changes what is given, keeps the rest, and tells others that something changed', async () => {
    const { partner, member, caller, partnerCaller: partnerKey } = await givenMember();

    const named = await update(caller, { name: '  Ann  Bloom ' });
    const moved = await update(caller, { locale: 'lt_LT' });
    const nothing = await update(caller, {});

    expect(named.body.data).toMatchObject({ name: 'Ann  Bloom', locale: member['locale'], email: member['email'] });
    expect(moved.body.data).toMatchObject({ name: 'Ann  Bloom', locale: 'lt_LT' });
    expect(nothing).toMatchObject({ status: 200, mark: null, body: { data: { name: 'Ann  Bloom' } } });
    const shown = (await members.send(partnerKey, getMember, { params: { id: member['id']! } })).body.data;
    expect(shown).toMatchObject({ name: 'Ann  Bloom', locale: 'lt_LT' });
    expect(shown.updated_at > shown.created_at).toBe(true);
    const events = await members.eventsOf(partner.id, moved.mark);
    expect(events).toHaveLength(3);
    expect(events[2]?.data).toEqual(events[0]?.data);
    expect(JSON.stringify(events)).not.toContain('Bloom');
  });

  it('gives a name to somebody who was anonymous, who is so no longer', async () => {
    const { member, caller, partnerCaller: partnerKey } = await givenMember({});

    expect((await update(caller, { locale: 'lt_LT' })).body.data).toMatchObject({ name: null, is_anonymous: true });
    expect((await update(caller, { name: 'Ann' })).body.data).toMatchObject({ name: 'Ann', is_anonymous: false });
    const shown = (await members.send(partnerKey, getMember, { params: { id: member['id']! } })).body.data;
    expect(shown).toMatchObject({ name: 'Ann', is_anonymous: false });
  });

  it('is done once for one Idempotency-Key of the member, whose neighbour may use the same', async () => {
    const { partner, caller } = await givenMember();
    const other = await givenMemberOf(partner, {});

    const answers = await Promise.all(Array.from({ length: 5 }, () => update(caller, { name: 'Once' }, 'key-1')));
    const reused = await update(caller, { name: 'Twice' }, 'key-1');
    const neighbour = await update(other.caller, { name: 'Neighbour' }, 'key-1');

    expect(answers.filter(({ isReplayed }) => isReplayed)).toHaveLength(4);
    expect(reused.body.code).toBe('IDEMPOTENCY_KEY_REUSED');
    expect(neighbour).toMatchObject({ status: 200, isReplayed: false, body: { data: { name: 'Neighbour' } } });
  });

  it.each([
    ['an e-mail', { email: 'new@example.com' }, 'email'],
    ['a name of nothing', { name: '  ' }, 'name'],
    ['a name that is too long', { name: 'x'.repeat(256) }, 'name'],
    ['a name to take away', { name: null }, 'name'],
    ['a locale of another form', { locale: 'en-US' }, 'locale'],
    ['a time zone', { time_zone: 'Europe/Vilnius' }, 'time_zone'],
  ])('refuses %s', async (_name, body, field) => {
    const { caller } = await givenMember();

    const answer = await update(caller, body);

    expect([answer.status, Object.keys(answer.body.details.errors)]).toEqual([422, [field]]);
  });
});

describe('the first interaction', () => {
  const entry = (memberId: string, at: string, event: Published['event'] = pointsEarned): Published => ({
    event,
    key: memberId,
    data: { ...(event.example as object), member_id: memberId, occurred_at: at },
  });

  it('is the earliest entry or stamp, in whatever order they come', async () => {
    const { partner, caller, member } = await givenMember();
    const id = member['id']!;
    const stamp = { ...stampsAdded.example, member_id: id, created_at: '2026-03-03T10:00:00.000Z' };
    const others = newId();

    await members.topics.publish(partner.id, [
      entry(id, '2026-03-05T10:00:00.000Z', pointsRedeemed),
      { event: stampsAdded, key: id, data: stamp },
      entry(id, '2026-03-04T10:00:00.000Z'),
      entry(others, '2026-03-01T10:00:00.000Z'),
    ]);

    await waitFor('the stamp', async () => (await profileOf(caller)).first_interaction_at === stamp.created_at);
    expect(await profileOf(caller)).toMatchObject({ has_interacted: true });
    const later = await givenMemberOf(partner, {});
    expect(await profileOf(later.caller)).toMatchObject({ has_interacted: false, first_interaction_at: null });
  });
});

describe('the last use of a key', () => {
  const use = (partnerId: string, memberId: string, at: string) =>
    members.send(systemCaller(), recordMemberUse, {
      body: { used: [{ partner_id: partnerId, member_id: memberId, at }] },
    });

  it('is the last login that partners see, never an earlier one, and changes nothing else', async () => {
    const { partner, member, partnerCaller: partnerKey } = await givenMember();
    const id = member['id']!;

    await use(partner.id, id, '2026-03-08T09:15:00.000Z');
    await use(partner.id, id, '2026-03-08T09:10:00.000Z');
    await use(newId(), id, '2026-03-09T09:10:00.000Z');

    const { data } = (await members.send(partnerKey, getMember, { params: { id } })).body;
    expect(data).toEqual({ ...member, last_login_at: '2026-03-08T09:15:00.000Z' });
  });

  it('is kept by gateways that tell of the same members in another order at once', async () => {
    const partner = await members.givenPartner();
    const ids = await Promise.all(
      Array.from({ length: 20 }, async () => (await givenMemberOf(partner, {})).member['id']!),
    );
    const tell = (order: readonly string[], minute: number) =>
      members.send(systemCaller(), recordMemberUse, {
        body: {
          used: order.map((id) => ({
            ...{ partner_id: partner.id, member_id: id },
            at: new Date(Date.UTC(2026, 2, 8, 9, minute)).toISOString(),
          })),
        },
      });

    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, n) => tell(n % 2 === 0 ? ids : ids.toReversed(), n)),
    );

    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
    const rows = await members.sql`select distinct last_login_at from members where partner_id = ${partner.id}`;
    expect(rows).toEqual([{ lastLoginAt: new Date('2026-03-08T09:29:00.000Z') }]);
  });
});

describe('members for the admin role', () => {
  const admin = adminCaller(['read']);
  const listed = async (query: Record<string, string>) => {
    const { status, body } = await members.send(admin, listAllMembers, { query });
    return { status, total: body.pagination?.total, ids: body.data?.map(({ id }: { id: string }) => id), body };
  };

  it('are those of all partners, newest first, each with its partner', async () => {
    const name = `Zoe ${newId()}`;
    const [first, second] = [await givenMember({ name }), await givenMember({ name })];
    const third = await givenMemberOf(first.partner, { name });

    const { status, total, body } = await listed({ search: name.slice(2).toUpperCase() });

    expect([status, total]).toEqual([200, 3]);
    expect(body.data).toEqual([
      { ...third.member, partner_id: first.partner.id },
      { ...second.member, partner_id: second.partner.id },
      { ...first.member, partner_id: first.partner.id },
    ]);
    expect((await listed({ partner_id: first.partner.id })).ids).toEqual([third.member['id'], first.member['id']]);
    expect((await listed({ partner_id: second.partner.id, search: name })).total).toBe(1);
    expect((await listed({ partner_id: newId() })).total).toBe(0);
    expect((await listed({ partner_id: 'nobody' })).status).toBe(422);
  });

  it('are found by a whole e-mail, unique identifier or member number', async () => {
    const { member } = await givenMember();
    await members.sql`update members set member_number = ${`N-${member['id']}`} where member_id = ${member['id']!}`;

    for (const search of [member['email']!.toUpperCase(), member['unique_identifier']!, `N-${member['id']}`]) {
      expect((await listed({ search })).ids).toEqual([member['id']]);
    }
    expect((await listed({ search: member['email']!.slice(0, -1) })).ids).toEqual([]);
  });

  it('are got by id, and answers name the partners that they show, for the audit', async () => {
    const { member, partner } = await givenMember();

    const { body } = await members.send(admin, getAnyMember, { params: { id: member['id']! } });
    const missing = await members.send(admin, getAnyMember, { params: { id: newId() } });

    expect(body.data).toEqual({ ...member, partner_id: partner.id });
    expect(missing).toMatchObject({ status: 404, body: { code: 'MEMBER_NOT_FOUND' } });
  });
});
