import {
  newId,
  partnerOf,
  reply,
  type Call,
  type Handlers,
  type createVoucher as create,
  type deleteVoucher as remove,
  type getVoucher as get,
  type listVouchers as list,
  type updateVoucher as update,
} from '@punchcard/contracts';
import { paginate } from '@punchcard/database';
import { changeVouchers, type ChangeDeps } from '../programme/change-vouchers.ts';
import { termsFrom, voucherData } from '../wire/voucher-data.ts';
import { createVoucher } from './create-voucher.ts';
import { deleteVoucher } from './delete-voucher.ts';
import { newTerms } from './rules.ts';
import type { VoucherKey } from './store.ts';
import { updateVoucher } from './update-voucher.ts';
import { getVoucherView, listVouchers } from './views.ts';

type Endpoints = typeof list | typeof get | typeof create | typeof update | typeof remove;

export const voucherHandlers = (deps: ChangeDeps): Handlers<Endpoints> => ({
  'agent.vouchers.list': async (call) => {
    const page = paginate(call.query);
    const { club_id: clubId, is_active: isActive, batch_id: batchId, code, type, search } = call.query;
    const filter = { partnerId: partnerOf(call.caller).id, clubId, isActive, batchId, code, type, search };
    const { vouchers, total } = await listVouchers(deps.sql, filter, page);
    return reply(vouchers.map(voucherData(call)), { pagination: page.pagination(total) });
  },

  'agent.vouchers.get': async (call) => voucherData(call)(await getVoucherView(deps.sql, keyOf(call))),

  'agent.vouchers.create': async (call) => {
    const { id: partnerId, gates, currency, locale } = partnerOf(call.caller);
    const { code, ...body } = call.body;
    const { club_id: clubId, name, type } = body;
    const terms = newTerms({ ...termsFrom(body, locale), clubId, name, type }, { currency });
    const asked = { key: { partnerId, voucherId: newId() }, code, terms, gates, now: call.now };
    return changeVouchers(deps, call, async (tx, count) => {
      const { voucher, events } = await createVoucher(tx, { ...asked, count });
      return { data: voucherData(call)(voucher), events };
    });
  },

  'agent.vouchers.update': (call) => {
    const { currency, locale } = partnerOf(call.caller);
    const asked = { key: keyOf(call), change: termsFrom(call.body, locale), currency, now: call.now };
    return changeVouchers(deps, call, async (tx) => {
      const { voucher, events } = await updateVoucher(tx, asked);
      return { data: voucherData(call)(voucher), events };
    });
  },

  'agent.vouchers.delete': (call) =>
    changeVouchers(deps, call, async (tx) => {
      const { events } = await deleteVoucher(tx, { key: keyOf(call), now: call.now });
      return { data: { id: call.params.id, deleted: true as const }, events };
    }),
});

const keyOf = ({ caller, params }: Call<typeof get> | Call<typeof update> | Call<typeof remove>): VoucherKey => ({
  partnerId: partnerOf(caller).id,
  voucherId: params.id,
});
