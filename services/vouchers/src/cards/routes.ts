import {
  partnerIdOf,
  type Handlers,
  type holdCardForVouchers,
  type releaseCardForVouchers,
} from '@punchcard/contracts';
import { markDeleted } from '../replicas/store.ts';
import { holdCard } from './hold-card.ts';
import type { SettleDeps } from './settle-points.ts';
import { deleteHold } from './store.ts';

type Endpoints = typeof holdCardForVouchers | typeof releaseCardForVouchers;

export const cardHandlers = (deps: SettleDeps): Handlers<Endpoints> => ({
  'internal.vouchers.hold_card': async ({ params, body, caller, now }) => {
    const { hold_id: holdId } = body;
    const key = { partnerId: partnerIdOf(caller), cardId: params.id };
    const vouchers = await holdCard(deps, { ...key, holdId, caller, now });
    return { in_use: vouchers, hold_id: vouchers === 0 ? holdId : null };
  },

  'internal.vouchers.release_card': async ({ params, body, caller }) => {
    const key = { partnerId: partnerIdOf(caller), cardId: params.id };
    await deps.sql.begin(async (tx) => {
      if (body.is_deleted) await markDeleted(tx, 'cards', { partnerId: key.partnerId, id: key.cardId });
      await deleteHold(tx, { ...key, holdId: body.hold_id });
    });
    return { released: true };
  },
});
