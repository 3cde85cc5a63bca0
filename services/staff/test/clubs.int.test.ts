import {
  createStaff,
  deleteStaff,
  holdClubForStaff,
  newId,
  releaseClubForStaff,
  updateStaff,
} from '@punchcard/contracts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { anyEmail, givenMember, givenPartner, startStaff, type Staff } from './given.ts';

let staff: Staff;
beforeAll(async () => {
  staff = await startStaff();
});
afterAll(() => staff?.stop());

type Partner = ReturnType<typeof givenPartner>;

const hold = async (partner: Partner, id: string) =>
  (await staff.send(partner, holdClubForStaff, { params: { id } })).body.data as { in_use: number; hold_id: string };
const release = (partner: Partner, id: string, holdId: string) =>
  staff.send(partner, releaseClubForStaff, { params: { id }, body: { hold_id: holdId } });
const add = (partner: Partner, clubId: string) =>
  staff.send(partner, createStaff, { body: { club_id: clubId, name: 'Ona', email: anyEmail() } });

describe('a club that the catalog is about to delete', () => {
  it('is not held while somebody serves there', async () => {
    const partner = givenPartner();
    const clubId = await staff.club(partner);
    const { id } = await givenMember(staff, partner, { club_id: clubId });

    expect(await hold(partner, clubId)).toEqual({ in_use: 1, hold_id: null });
    expect((await add(partner, clubId)).status).toBe(201);
    await staff.send(partner, deleteStaff, { params: { id } });
    expect(await hold(partner, clubId)).toEqual({ in_use: 1, hold_id: null });
  });

  it('takes nobody until it is released, and tells callers to come back', async () => {
    const partner = givenPartner();
    const [clubId, other] = [await staff.club(partner), await staff.club(partner, { sequence: 2 })];
    const { id } = await givenMember(staff, partner, { club_id: other });
    const { in_use: inUse, hold_id: holdId } = await hold(partner, clubId);

    const added = await add(partner, clubId);
    const moved = await staff.send(partner, updateStaff, { params: { id }, body: { club_id: clubId } });
    await release(partner, clubId, holdId);

    expect(inUse).toBe(0);
    for (const { status, body } of [added, moved]) {
      expect([status, body.code, body.retry_strategy]).toEqual([503, 'SERVICE_UNAVAILABLE', 'backoff']);
    }
    expect((await add(partner, clubId)).status).toBe(201);
  });

  it('stays held when an earlier deletion gives up after a later one began', async () => {
    const partner = givenPartner();
    const clubId = await staff.club(partner);
    const [first, second] = [await hold(partner, clubId), await hold(partner, clubId)];

    await release(partner, clubId, first.hold_id);
    expect((await add(partner, clubId)).status).toBe(503);
    await release(partner, clubId, second.hold_id);

    expect((await add(partner, clubId)).status).toBe(201);
  });

  it('is free again after a minute when nobody says what became of it', async () => {
    const partner = givenPartner();
    const clubId = await staff.club(partner);
    await hold(partner, clubId);

    await staff.sql`update club_holds set held_until = now() where partner_id = ${partner.id}`;

    expect((await add(partner, clubId)).status).toBe(201);
  });

  it('is gone as soon as the catalog says so, however long Kafka is away', async () => {
    const partner = givenPartner();
    const clubId = await staff.club(partner);
    const { hold_id: holdId } = await hold(partner, clubId);

    await staff.send(partner, releaseClubForStaff, {
      params: { id: clubId },
      body: { hold_id: holdId, is_deleted: true },
    });

    expect((await add(partner, clubId)).body.code).toBe('CLUB_NOT_FOUND');
  });

  it('is gone for good although it was new, and the news of it comes only now', async () => {
    const partner = givenPartner();
    const clubId = newId();
    const { hold_id: holdId } = await hold(partner, clubId);
    const params = { id: clubId };
    await staff.send(partner, releaseClubForStaff, { params, body: { hold_id: holdId, is_deleted: true } });

    await staff.club(partner, { club_id: clubId });

    expect((await add(partner, clubId)).body.code).toBe('CLUB_NOT_FOUND');
  });

  it('is either held or gets somebody, never both', async () => {
    const partner = givenPartner();
    for (let n = 1; n <= 10; n += 1) {
      const clubId = await staff.club(partner, { sequence: n });

      const [{ in_use: inUse }, added] = await Promise.all([hold(partner, clubId), add(partner, clubId)]);

      expect([inUse, added.status]).toEqual(inUse === 0 ? [0, 503] : [1, 201]);
    }
  });

  it("is nothing to another partner's hold", async () => {
    const partner = givenPartner();
    const clubId = await staff.club(partner);
    await givenMember(staff, partner, { club_id: clubId });

    expect(await hold(givenPartner(), clubId)).toEqual({ in_use: 0, hold_id: expect.any(String) });
    expect((await add(partner, clubId)).status).toBe(201);
    expect((await release(partner, clubId, newId())).status).toBe(200);
  });
});
