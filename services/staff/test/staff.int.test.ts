import { createStaff, deleteStaff, getStaff, listStaff, newId, updateStaff } from '@punchcard/contracts';
import { verify } from '@node-rs/argon2';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { waitFor } from '@punchcard/testing';
import { anyEmail, givenMember, givenPartner, startStaff, type Staff } from './given.ts';

let staff: Staff;
beforeAll(async () => {
  staff = await startStaff();
});
afterAll(() => staff?.stop());

const anyTime = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const anyId = expect.stringMatching(/^[0-9a-f-]{36}$/);

const hashOf = async (staffId: string): Promise<string | null> => {
  const [row] = await staff.sql<{ passwordHash: string | null }[]>`
    select password_hash from staff where staff_id = ${staffId}
  `;
  return row!.passwordHash;
};

describe('POST /partner/staff', () => {
  it("puts somebody in a club, with the partner's language and time zone, and announces no more than a name", async () => {
    const partner = givenPartner({}, { locale: 'lt_LT', time_zone: 'Europe/Vilnius' });
    const clubId = await staff.club(partner, { name: 'Old Town' });
    const email = anyEmail();

    const { status, body, mark } = await staff.send(partner, createStaff, {
      body: { club_id: clubId, name: '  Ona Petraitė ', email: ` ${email} ` },
    });

    expect(status).toBe(201);
    expect(body).toEqual({
      error: false,
      data: {
        id: anyId,
        club_id: clubId,
        club_name: 'Old Town',
        name: 'Ona Petraitė',
        email,
        locale: 'lt_LT',
        time_zone: 'Europe/Vilnius',
        number_of_times_logged_in: 0,
        last_login_at: null,
        created_at: anyTime,
        updated_at: body.data.created_at,
        avatar: null,
      },
    });
    expect(await staff.events(partner, mark)).toEqual([
      expect.objectContaining({
        source: 'punchcard/staff',
        type: 'staff.staff_changed.v1',
        partnerid: partner.id,
        sequence: 1,
        data: {
          staff_id: body.data.id,
          club_id: clubId,
          display_name: 'Ona Petraitė',
          is_active: true,
          is_deleted: false,
          created_at: body.data.created_at,
        },
      }),
    ]);
  });

  it('keeps a password as a hash that nobody is shown', async () => {
    const partner = givenPartner();
    const password = 'kava su pienu';
    const body = { club_id: await staff.club(partner), name: 'Ona', email: anyEmail(), password };

    const made = await staff.send(partner, createStaff, { body, key: 'with a password' });

    const hash = await hashOf(made.body.data.id);
    expect(JSON.stringify(made.body)).not.toContain(password);
    expect(hash).toMatch(/^\$argon2id\$/);
    expect(await verify(hash!, password)).toBe(true);
    const kept = await staff.sql`select * from idempotency_keys where partner_id = ${partner.id}`;
    expect(JSON.stringify([kept, await staff.events(partner, made.mark)])).not.toContain(password);
    // The hash of the request is kept for weeks, and must not be one of the password.
    const repeat = await staff.send(partner, createStaff, {
      body: { ...body, password: 'another password' },
      key: 'with a password',
    });
    expect(repeat).toEqual({ ...made, isReplayed: true });
  });

  it.each([
    ['nine signs', '123456789'],
    ['129 signs', 'x'.repeat(129)],
    ['null', null],
    ['a number', 1_234_567_890],
  ])('refuses a password of %s, and does not repeat it', async (_, password) => {
    const partner = givenPartner();
    const asked = { club_id: newId(), name: 'Ona', email: anyEmail(), password };

    const { status, body } = await staff.send(partner, createStaff, { body: asked });

    expect([status, Object.keys(body.details.errors)]).toEqual([422, ['password']]);
    if (typeof password === 'string') expect(JSON.stringify(body)).not.toContain(password);
  });

  it('answers a repeat with its key from the record, and adds nobody', async () => {
    const partner = givenPartner();
    const body = { club_id: await staff.club(partner), name: 'Ona', email: anyEmail() };
    const first = await staff.send(partner, createStaff, { body, key: 'ona' });

    const repeat = await staff.send(partner, createStaff, { body, key: 'ona' });

    expect(repeat).toEqual({ ...first, isReplayed: true });
    expect(await staff.events(partner, repeat.mark)).toHaveLength(1);
  });

  it('knows a club the moment that the catalog has announced it', async () => {
    const partner = givenPartner();

    const answers = await Promise.all(
      Array.from({ length: 5 }, async (_, n) => {
        const clubId = await staff.announceClub(partner, { sequence: n + 1 });
        return staff.send(partner, createStaff, { body: { club_id: clubId, name: 'Ona', email: anyEmail() } });
      }),
    );

    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201]);
  });

  it.each([
    ['unknown', async () => newId()],
    ["another partner's", async () => staff.club(givenPartner())],
    ['deleted', async (partner: ReturnType<typeof givenPartner>) => staff.club(partner, { is_deleted: true })],
  ])('refuses a club that is %s', async (_, clubOf) => {
    const partner = givenPartner();
    const clubId = await clubOf(partner);

    const { status, body } = await staff.send(partner, createStaff, {
      body: { club_id: clubId, name: 'Ona', email: anyEmail() },
    });

    expect(status).toBe(404);
    expect(body).toMatchObject({ code: 'CLUB_NOT_FOUND', details: { club_id: clubId } });
  });

  it('refuses an e-mail a second time in another case, and names whose it is', async () => {
    const partner = givenPartner();
    const clubId = await staff.club(partner);
    const sent = (address: string) => ({ body: { club_id: clubId, name: 'Ona', email: address } });
    const first = await staff.send(partner, createStaff, sent('ona@bean.example'));

    const { status, body } = await staff.send(partner, createStaff, sent('ONA@Bean.Example'));

    expect(status).toBe(409);
    expect(body).toMatchObject({
      code: 'ALREADY_EXISTS',
      retry_strategy: 'fix_request',
      details: { field: 'email', existing_id: first.body.data.id },
    });
  });

  it('lets one person work for two partners', async () => {
    const email = anyEmail();
    for (const partner of [givenPartner(), givenPartner()]) {
      await givenMember(staff, partner, { club_id: await staff.club(partner), email });
    }
  });

  it('adds one of ten parallel requests with one e-mail', async () => {
    const partner = givenPartner();
    const clubId = await staff.club(partner);
    const email = anyEmail();

    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        staff.send(partner, createStaff, {
          body: { club_id: clubId, name: 'Ona', email: n % 2 ? email : email.toUpperCase() },
        }),
      ),
    );

    const made = answers.filter(({ status }) => status === 201);
    expect(made).toHaveLength(1);
    for (const { status, body } of answers.filter((answer) => answer !== made[0])) {
      expect([status, body.details]).toEqual([409, { field: 'email', existing_id: made[0]!.body.data.id }]);
    }
  });

  it('runs once when one request arrives five times at once', async () => {
    const partner = givenPartner();
    const sending = { body: { club_id: await staff.club(partner), name: 'Ona', email: anyEmail() }, key: 'at once' };

    const answers = await Promise.all(Array.from({ length: 5 }, () => staff.send(partner, createStaff, sending)));

    expect(new Set(answers.map(({ status, body }) => `${status} ${body.data.id}`)).size).toBe(1);
    expect(answers.filter(({ isReplayed }) => !isReplayed)).toHaveLength(1);
  });

  it('lets three of ten parallel requests through when three are allowed', async () => {
    const partner = givenPartner({ staff_members_limit: 3 });
    const clubId = await staff.club(partner);

    const answers = await Promise.all(
      Array.from({ length: 10 }, () =>
        staff.send(partner, createStaff, { body: { club_id: clubId, name: 'Ona', email: anyEmail() } }),
      ),
    );

    expect(answers.filter(({ status }) => status === 201)).toHaveLength(3);
    const refused = answers.find(({ status }) => status !== 201)!;
    expect([refused.status, refused.body.code]).toEqual([403, 'LIMIT_REACHED']);
    expect(refused.body.details).toEqual({ limit_name: 'staff_members_limit', limit: 3, current: 3 });
  });

  it('names every field that is not valid', async () => {
    const { status, body } = await staff.send(givenPartner(), createStaff, {
      body: {
        club_id: 'x',
        email: 'x',
        avatar: 'http://bean.example/a.png',
        locale: 'en',
        time_zone: 'Mars/Base',
        shop: 1,
      },
    });

    expect(status).toBe(422);
    expect(Object.keys(body.details.errors).toSorted()).toEqual(
      ['avatar', 'club_id', 'email', 'locale', 'name', 'shop', 'time_zone'].toSorted(),
    );
  });
});

describe('GET /partner/staff', () => {
  it('lists the newest first, by pages, with the true total', async () => {
    const partner = givenPartner();
    const clubId = await staff.club(partner);
    const ids: string[] = [];
    for (const name of ['a', 'b', 'c']) ids.unshift((await givenMember(staff, partner, { club_id: clubId, name })).id);

    const first = await staff.send(partner, listStaff, { query: { per_page: 2 } });
    const behind = await staff.send(partner, listStaff, { query: { per_page: 2, page: 9 } });

    expect(first.body.data.map(({ id }: { id: string }) => id)).toEqual(ids.slice(0, 2));
    expect(first.body.pagination).toEqual({ current_page: 1, per_page: 2, total: 3, last_page: 2 });
    expect(behind.body).toMatchObject({ data: [], pagination: { current_page: 9, total: 3 } });
  });

  it('finds by club, by whether they are active, and by a part of name or e-mail ignoring case', async () => {
    const partner = givenPartner();
    const [oldTown, station] = [await staff.club(partner), await staff.club(partner, { sequence: 2 })];
    await givenMember(staff, partner, { club_id: oldTown, name: 'Žydrė', email: 'z.k_1@bean.example' });
    await givenMember(staff, partner, { club_id: station, name: 'Jonas', email: 'jonas@bean.example' });
    await givenMember(staff, partner, { club_id: station, name: 'Ona', email: 'ona@tea.example', is_active: false });
    const found = async (query: Record<string, string>) => {
      const { body } = await staff.send(partner, listStaff, { query });
      expect(body.pagination.total).toBe(body.data.length);
      return body.data.map(({ name }: { name: string }) => name);
    };

    expect(await found({ club_id: station })).toEqual(['Ona', 'Jonas']);
    expect(await found({ club_id: newId() })).toEqual([]);
    expect(await found({ is_active: 'false' })).toEqual(['Ona']);
    expect(await found({ is_active: 'true', club_id: station })).toEqual(['Jonas']);
    expect(await found({ search: 'ŽYDR' })).toEqual(['Žydrė']);
    expect(await found({ search: 'BEAN.ex' })).toEqual(['Jonas', 'Žydrė']);
    expect(await found({ search: 'k_1' })).toEqual(['Žydrė']);
    expect(await found({ search: '%' })).toEqual([]);
  });

  it("does not show another partner's staff", async () => {
    const other = givenPartner();
    await givenMember(staff, other, { club_id: await staff.club(other) });

    const { body } = await staff.send(givenPartner(), listStaff);

    expect(body.data).toEqual([]);
  });

  it('shows the name that the club has now', async () => {
    const partner = givenPartner();
    const clubId = await staff.club(partner, { name: 'Old Town' });
    const { id } = await givenMember(staff, partner, { club_id: clubId });

    await staff.club(partner, { club_id: clubId, name: 'New Town', sequence: 2 });

    await waitFor('the new name of the club', async () => {
      const { body } = await staff.send(partner, getStaff, { params: { id } });
      return body.data.club_name === 'New Town';
    });
  });
});

describe('GET, PUT, DELETE /partner/staff/{id}', () => {
  it.each([getStaff, updateStaff, deleteStaff].map((endpoint) => [endpoint.id, endpoint] as const))(
    "%s: another partner's person is as absent as an unknown one",
    async (_, endpoint) => {
      const other = givenPartner();
      const theirs = await givenMember(staff, other, { club_id: await staff.club(other) });
      const partner = givenPartner();

      for (const id of [theirs.id, newId(), 'not-a-uuid']) {
        const { status, body } = await staff.send(partner, endpoint, { params: { id } });

        expect(status).toBe(404);
        expect(body).toMatchObject({ code: 'NOT_FOUND', details: { resource: 'staff_member', id } });
      }
      expect((await staff.send(other, getStaff, { params: { id: theirs.id } })).status).toBe(200);
    },
  );
});

describe('PUT /partner/staff/{id}', () => {
  it('changes what is sent, keeps the rest, and announces the whole state', async () => {
    const partner = givenPartner();
    const [clubId, next] = [await staff.club(partner), await staff.club(partner, { name: 'Station', sequence: 2 })];
    const { id, email } = await givenMember(staff, partner, { club_id: clubId, avatar: 'https://bean.example/o.png' });

    const { status, body, mark } = await staff.send(partner, updateStaff, {
      params: { id },
      body: { club_id: next, name: 'Ona Petraitienė', avatar: null, is_active: false },
    });

    expect(status).toBe(200);
    expect(body.data).toMatchObject({
      club_id: next,
      club_name: 'Station',
      name: 'Ona Petraitienė',
      email,
      avatar: null,
    });
    const events = await staff.events(partner, mark);
    expect(events.at(-1)!.data).toMatchObject({
      staff_id: id,
      club_id: next,
      display_name: 'Ona Petraitienė',
      is_active: false,
    });
    expect((await staff.send(partner, listStaff, { query: { club_id: clubId } })).body.data).toEqual([]);
  });

  it('keeps the password unless another is sent', async () => {
    const partner = givenPartner();
    const { id } = await givenMember(staff, partner, { club_id: await staff.club(partner), password: 'kava su pienu' });

    await staff.send(partner, updateStaff, { params: { id }, body: { name: 'Ona' } });
    expect(await verify((await hashOf(id))!, 'kava su pienu')).toBe(true);
    await staff.send(partner, updateStaff, { params: { id }, body: { password: 'arbata su medumi' } });

    expect(await verify((await hashOf(id))!, 'arbata su medumi')).toBe(true);
  });

  it('without fields is 200, changes nothing and announces nothing', async () => {
    const partner = givenPartner();
    const { id } = await givenMember(staff, partner, { club_id: await staff.club(partner) });
    const before = await staff.send(partner, getStaff, { params: { id } });

    const { status, body, mark } = await staff.send(partner, updateStaff, { params: { id }, body: {} });

    expect([status, body, mark]).toEqual([200, before.body, null]);
    expect(await staff.sql`select last from sequences where partner_id = ${partner.id}`).toEqual([{ last: 1 }]);
  });

  it('may write its own e-mail in another case, but not take that of another', async () => {
    const partner = givenPartner();
    const clubId = await staff.club(partner);
    const one = await givenMember(staff, partner, { club_id: clubId });
    const other = await givenMember(staff, partner, { club_id: clubId });

    const own = await staff.send(partner, updateStaff, {
      params: { id: one.id },
      body: { email: one.email.toUpperCase() },
    });
    const taken = await staff.send(partner, updateStaff, {
      params: { id: one.id },
      body: { email: other.email.toUpperCase() },
    });

    expect([own.status, own.body.data.email]).toEqual([200, one.email.toUpperCase()]);
    expect([taken.status, taken.body.details]).toEqual([409, { field: 'email', existing_id: other.id }]);
  });

  it('lets one of two parallel changes to one e-mail through', async () => {
    const partner = givenPartner();
    const clubId = await staff.club(partner);
    const ids = [
      (await givenMember(staff, partner, { club_id: clubId })).id,
      (await givenMember(staff, partner, { club_id: clubId })).id,
    ];
    const email = anyEmail();

    const answers = await Promise.all(
      ids.map((id) => staff.send(partner, updateStaff, { params: { id }, body: { email } })),
    );

    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
  });

  it.each([['an unknown club', newId()]])('refuses %s, and changes nothing', async (_, clubId) => {
    const partner = givenPartner();
    const { id } = await givenMember(staff, partner, { club_id: await staff.club(partner) });
    const before = await staff.send(partner, getStaff, { params: { id } });

    const { status, body } = await staff.send(partner, updateStaff, {
      params: { id },
      body: { club_id: clubId, name: 'X' },
    });

    expect([status, body.code]).toEqual([404, 'CLUB_NOT_FOUND']);
    expect((await staff.send(partner, getStaff, { params: { id } })).body).toEqual(before.body);
  });

  it('still changes somebody where no further one is allowed', async () => {
    const partner = givenPartner();
    const { id } = await givenMember(staff, partner, { club_id: await staff.club(partner) });
    const lowered = { ...partner, gates: { ...partner.gates, staff_members_limit: 0 } };

    const { status } = await staff.send(lowered, updateStaff, { params: { id }, body: { name: 'Ona P.' } });

    expect(status).toBe(200);
  });
});

describe('DELETE /partner/staff/{id}', () => {
  it('forgets the person, leaves the name to others, and frees the e-mail', async () => {
    const partner = givenPartner();
    const clubId = await staff.club(partner);
    const { id, email, created_at } = await givenMember(staff, partner, { club_id: clubId });

    const { status, body, mark } = await staff.send(partner, deleteStaff, { params: { id } });
    const again = await staff.send(partner, deleteStaff, { params: { id } });

    expect([status, body.data]).toEqual([200, { id, deleted: true }]);
    expect([again.status, again.body.code]).toEqual([404, 'NOT_FOUND']);
    expect((await staff.events(partner, mark)).at(-1)!.data).toEqual({
      staff_id: id,
      club_id: clubId,
      display_name: 'Ona Petraitė',
      is_active: false,
      is_deleted: true,
      created_at,
    });
    expect(await staff.sql`select 1 from staff_shops where staff_id = ${id}`).toHaveLength(0);
    await expect(givenMember(staff, partner, { club_id: clubId, email })).resolves.toBeDefined();
  });

  it('answers a repeat with its key as the first time', async () => {
    const partner = givenPartner();
    const { id } = await givenMember(staff, partner, { club_id: await staff.club(partner) });
    const first = await staff.send(partner, deleteStaff, { params: { id }, key: 'delete' });

    const repeat = await staff.send(partner, deleteStaff, { params: { id }, key: 'delete' });

    expect(repeat).toEqual({ ...first, isReplayed: true });
  });
});

describe('a partner that was deleted', () => {
  it('leaves nobody behind, here or in what copies show', async () => {
    const partner = givenPartner();
    const clubId = await staff.club(partner);
    const { id } = await givenMember(staff, partner, { club_id: clubId });
    await staff.send(partner, updateStaff, { params: { id }, body: { name: 'Ona' }, key: 'kept answer' });

    await staff.deletePartner(partner);

    const events = await staff.events(partner, 3);
    expect(events.at(-1)!.data).toMatchObject({ staff_id: id, display_name: 'Former staff', is_deleted: true });
    for (const table of ['staff', 'staff_shops', 'idempotency_keys']) {
      expect(await staff.sql`select 1 from ${staff.sql(table)} where partner_id = ${partner.id}`).toHaveLength(0);
    }
  });
});
