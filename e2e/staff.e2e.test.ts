import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import {
  createClub,
  createStaff,
  createVoucher,
  deleteClub,
  deleteStaff,
  deleteVoucher,
  getPartner,
  getStaff,
  updateClub,
  updatePermissions,
} from '@punchcard/contracts';
import { adminApi, dataOf, eventually, givenKey, givenPartner, apiOf, times, type Api } from './given.ts';

const person = (clubId: string) => ({
  body: { club_id: clubId, name: 'Ona Petraitė', email: `ona.${randomUUID()}@bean.example` },
});
const givenClub = (agent: Api) => dataOf(agent(createClub, { body: { name: `Club ${randomUUID()}` } }));

describe('staff', () => {
  it('can be put in a club the moment it was made, and show its name as it is now', async () => {
    const { agent } = await givenPartner();

    const people = await times(3, async () => dataOf(agent(createStaff, person((await givenClub(agent)).id))));

    const [{ id, club_id: clubId }] = people as [(typeof people)[number]];
    await dataOf(agent(updateClub, { params: { id: clubId }, body: { name: 'New Town' } }));
    expect((await dataOf(agent(getStaff, { params: { id } }))).club_name).toBe('New Town');
  });

  it('keep their club from being deleted, as vouchers do; without both it goes', async () => {
    const { agent } = await givenPartner();
    const { id } = await givenClub(agent);
    const ona = await dataOf(agent(createStaff, person(id)));
    const body = { club_id: id, name: 'Ten off', type: 'percentage', value: 10 } as const;
    const voucher = await dataOf(agent(createVoucher, { body }));

    const refused = await agent(deleteClub, { params: { id } });
    await dataOf(agent(deleteStaff, { params: { id: ona.id } }));
    await dataOf(agent(deleteVoucher, { params: { id: voucher.id } }));
    const gone = await agent(deleteClub, { params: { id } });
    const late = await agent(createStaff, person(id));

    expect([refused.status, refused.body['details']]).toEqual([
      409,
      { reason: 'in_use', blocking: { cards: 0, stamp_cards: 0, vouchers: 1, staff: 1 } },
    ]);
    expect(gone.status).toBe(200);
    expect([late.status, late.body['code']]).toEqual([404, 'CLUB_NOT_FOUND']);
  });

  it('are in a club or it is gone, never both, however they meet', async () => {
    const { agent } = await givenPartner();
    const clubs = await times(10, () => givenClub(agent));

    const met = await Promise.all(
      clubs.map(async ({ id }) => {
        const [gone, added] = await Promise.all([
          agent(deleteClub, { params: { id } }),
          agent(createStaff, person(id)),
        ]);
        return `${gone.status} ${added.status}`;
      }),
    );

    // 503: asked in the instant between the question and the end of the club.
    expect(met.filter((pair) => !['200 404', '200 503', '409 201'].includes(pair))).toEqual([]);
  });

  it('are counted for the admin within a minute, and limited at once', async () => {
    const { agent, partnerId } = await givenPartner();
    const { id } = await givenClub(agent);
    await dataOf(agent(createStaff, person(id)));
    await dataOf(adminApi()(updatePermissions, { params: { id: partnerId }, body: { staff_members_limit: 1 } }));

    await eventually(
      'the limit',
      async () => (await agent(createStaff, person(id))).body['code'] === 'LIMIT_REACHED',
      1_000,
    );
    await eventually('the count', async () => {
      const { usage } = await dataOf(adminApi()(getPartner, { params: { id: partnerId } }));
      return usage.staff >= 1;
    });
  });

  it('are a matter of their own scope', async () => {
    const { agent, partnerId } = await givenPartner();
    const { id } = await givenClub(agent);
    const hr = apiOf({ 'x-agent-key': await givenKey(partnerId, { scopes: ['write:staff'] }) });

    const ona = await dataOf(hr(createStaff, person(id)));

    expect((await hr(getStaff, { params: { id: ona.id } })).status).toBe(200);
    expect((await hr(deleteClub, { params: { id } })).status).toBe(403);
  });
});
