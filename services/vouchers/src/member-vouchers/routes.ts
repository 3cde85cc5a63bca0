import {
  AppError,
  memberIdOf,
  partnerOf,
  pickTextOrNull,
  reply,
  type Answer,
  type Call,
  type Handlers,
  type listMyVouchers as list,
  Miss,
} from '@punchcard/contracts';
import { paginate, type Sql } from '@punchcard/database';
import type { Copies } from '@punchcard/messaging';
import type { InternalClient } from '@punchcard/service-kit';
import { askStanding } from '../redemptions/with-standing.ts';
import { surely } from '../replicas/surely.ts';
import { remainingUses, shownValue } from '../vouchers/rules.ts';
import { dependsOnStanding, findRegisteredAt, listMyVouchers, type MyVoucher } from './views.ts';

interface Deps {
  sql: Sql;
  copies: Pick<Copies, 'caughtUp'>;
  internal: InternalClient;
}

const NOWHERE = { tierIds: [], hasPurchased: false };

export const memberVoucherHandlers = ({ sql, copies, internal }: Deps): Handlers<typeof list> => ({
  'agent.member.vouchers.list': async (call) => {
    const page = paginate(call.query);
    const memberId = memberIdOf(call.caller);
    const question = { partnerId: partnerOf(call.caller).id, memberId, now: call.now };
    const registeredAt = await surely(async () => {
      const found = await findRegisteredAt(sql, question);
      const details = { member_identifier: memberId };
      if (!found) throw new Miss(new AppError('MEMBER_NOT_FOUND', { details }), ['members']);
      return found;
    }, copies);
    const known = { ...question, registeredAt };
    // The ledger is asked only if it matters, so that it may be away for all others.
    const isAsked = await dependsOnStanding(sql, known);
    const standing = isAsked ? await askStanding(internal, { memberId, call }) : NOWHERE;
    const { vouchers, total } = await listMyVouchers(sql, { ...known, standing }, page);
    return reply(vouchers.map(myVoucherData(call)), { pagination: page.pagination(total) });
  },
});

const myVoucherData =
  ({ caller, language }: Pick<Call, 'caller' | 'language'>) =>
  ({ title, description, ...voucher }: MyVoucher): Answer<typeof list>[number] => {
    const reader = { language, locale: partnerOf(caller).locale };
    return {
      id: voucher.voucherId,
      code: voucher.code,
      title: pickTextOrNull(title, reader) ?? voucher.name,
      description: pickTextOrNull(description, reader),
      type: voucher.type,
      value: shownValue(voucher),
      currency: voucher.currency,
      min_purchase_amount: voucher.minPurchaseMinor,
      max_discount_amount: voucher.maxDiscountMinor,
      free_product: voucher.freeProduct,
      valid_until: voucher.validUntil?.toISOString() ?? null,
      uses_left: usesLeft(voucher),
    };
  };

/** What is left for this member: of the member's own uses and of those of all. */
function usesLeft(voucher: Pick<MyVoucher, 'maxUsesPerMember' | 'uses' | 'maxUsesTotal' | 'timesUsed'>): number | null {
  const own = voucher.maxUsesPerMember === null ? null : voucher.maxUsesPerMember - voucher.uses;
  const all = remainingUses(voucher);
  return own === null || all === null ? (own ?? all) : Math.min(own, all);
}
