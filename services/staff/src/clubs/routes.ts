import { partnerOf, type Handlers, type holdClubForStaff, type releaseClubForStaff } from '@punchcard/contracts';
import type { Sql } from '@punchcard/database';
import { holdClub } from './hold-club.ts';
import { deleteHold, markDeleted } from './store.ts';

type Endpoints = typeof holdClubForStaff | typeof releaseClubForStaff;

export const clubHandlers = ({ sql }: { sql: Sql }): Handlers<Endpoints> => ({
  'internal.staff.hold_club': async ({ params, caller, now }) => {
    const { staff, holdId } = await holdClub(sql, { partnerId: partnerOf(caller).id, clubId: params.id }, now);
    return { in_use: staff, hold_id: holdId };
  },

  'internal.staff.release_club': async ({ params, body, caller }) => {
    const hold = { partnerId: partnerOf(caller).id, clubId: params.id, holdId: body.hold_id };
    await sql.begin(async (tx) => {
      if (body.is_deleted) await markDeleted(tx, hold);
      await deleteHold(tx, hold);
    });
    return { released: true };
  },
});
