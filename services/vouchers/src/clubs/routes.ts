import { partnerOf, type Handlers, type holdClubForVouchers, type releaseClubForVouchers } from '@punchcard/contracts';
import type { Sql } from '@punchcard/database';
import { markDeleted } from '../replicas/store.ts';
import { holdClub } from './hold-club.ts';
import { deleteHold } from './store.ts';

type Endpoints = typeof holdClubForVouchers | typeof releaseClubForVouchers;

export const clubHandlers = ({ sql }: { sql: Sql }): Handlers<Endpoints> => ({
  'internal.vouchers.hold_club': async ({ params, caller, now }) => {
    const { vouchers, holdId } = await holdClub(sql, { partnerId: partnerOf(caller).id, clubId: params.id }, now);
    return { in_use: vouchers, hold_id: holdId };
  },

  'internal.vouchers.release_club': async ({ params, body, caller }) => {
    const hold = { partnerId: partnerOf(caller).id, clubId: params.id, holdId: body.hold_id };
    await sql.begin(async (tx) => {
      if (body.is_deleted) await markDeleted(tx, 'clubs', { partnerId: hold.partnerId, id: hold.clubId });
      await deleteHold(tx, hold);
    });
    return { released: true };
  },
});
