import { partnerOf, type Handlers, type holdTierForVouchers, type releaseTierForVouchers } from '@punchcard/contracts';
import type { Sql } from '@punchcard/database';
import { markDeleted } from '../replicas/store.ts';
import { holdTier } from './hold-tier.ts';
import { deleteHold } from './store.ts';

type Endpoints = typeof holdTierForVouchers | typeof releaseTierForVouchers;

export const tierHandlers = ({ sql }: { sql: Sql }): Handlers<Endpoints> => ({
  'internal.vouchers.hold_tier': async ({ params, caller, now }) => {
    const { vouchers, holdId } = await holdTier(sql, { partnerId: partnerOf(caller).id, tierId: params.id }, now);
    return { in_use: vouchers, hold_id: holdId };
  },

  'internal.vouchers.release_tier': async ({ params, body, caller }) => {
    const hold = { partnerId: partnerOf(caller).id, tierId: params.id, holdId: body.hold_id };
    await sql.begin(async (tx) => {
      if (body.is_deleted) await markDeleted(tx, 'tiers', { partnerId: hold.partnerId, id: hold.tierId });
      await deleteHold(tx, hold);
    });
    return { released: true };
  },
});
