import {
  partnerOf,
  reply,
  type Answer,
  type Call,
  type Handlers,
  type redeemVoucher,
  type validateVoucher,
} from '@punchcard/contracts';
import type { Sql } from '@punchcard/database';
import type { Copies } from '@punchcard/messaging';
import type { InternalClient, Log } from '@punchcard/service-kit';
import type { Identify } from '../members/identify.ts';
import { surely } from '../replicas/surely.ts';
import { remainingUses, shownValue } from '../vouchers/rules.ts';
import { bookPoints } from './book-points.ts';
import { discountOf, pointsOf } from './discount-rules.ts';
import type { Redeeming } from './lanes.ts';
import { noted } from './metrics.ts';
import { newOrder } from './new-order.ts';
import { validate, type Verdict } from './validate.ts';
import { withStanding } from './with-standing.ts';

type Endpoints = typeof validateVoucher | typeof redeemVoucher;

interface Deps {
  sql: Sql;
  redeeming: Redeeming;
  copies: Pick<Copies, 'caughtUp'>;
  identify: Identify;
  internal: InternalClient;
  log: Log;
}

export const redemptionHandlers = (deps: Deps): Handlers<Endpoints> => ({
  'agent.vouchers.validate': async (call) => {
    const { sql, copies, internal } = deps;
    const question = questionOf(call, deps.identify);
    const verdict = await surely(
      () => withStanding(internal, call, (standing) => validate(sql, { ...question, standing })),
      copies,
    );
    return verdictData(verdict, question.orderMinor);
  },

  'agent.vouchers.redeem': async (call) => {
    const { redeeming, copies, internal } = deps;
    const order = newOrder(call, deps.identify);
    const { data, replayed } = await noted(
      surely(() => withStanding(internal, call, (standing) => redeeming.submit({ ...order, standing })), copies),
    );
    const { points_status: status, redemption_id: redemptionId } = data;
    const key = { partnerId: order.partnerId, redemptionId };
    // Answers are kept before their points are booked, so they say "undecided" for ever; the redemption knows what was told.
    const told = status === null ? null : await bookPoints(deps, { key, caller: call.caller });
    return reply({ ...data, points_status: told }, { replayed });
  },
});

function questionOf({ body, caller, now }: Call<typeof validateVoucher>, identify: Identify) {
  const { id: partnerId } = partnerOf(caller);
  const { code, club_id: clubId, member_identifier: memberIdentifier, order_amount: orderMinor = null } = body;
  const candidates = identify(partnerId, memberIdentifier);
  return { partnerId, code, clubId, memberIdentifier, candidates, orderMinor, now };
}

/** What cannot be redeemed takes nothing off, so that a till which looks at the amounts alone is right, too. */
function verdictData({ voucher, match, refusal }: Verdict, orderMinor: number | null): Answer<typeof validateVoucher> {
  const isValid = refusal === undefined;
  const { discountMinor, isCapped } = discountOf(voucher, orderMinor);
  const taken = isValid ? discountMinor : 0;
  const isKnown = orderMinor !== null || (isValid && voucher.type === 'fixed_amount');
  return {
    valid: isValid,
    reason: (refusal?.code ?? null) as Answer<typeof validateVoucher>['reason'],
    message: refusal?.message ?? null,
    voucher_id: voucher.voucherId,
    code: voucher.code,
    name: voucher.name,
    type: voucher.type,
    value: shownValue(voucher),
    currency: voucher.currency,
    discount_amount: isKnown ? taken : null,
    capped: isValid && isCapped,
    original_amount: orderMinor,
    final_amount: orderMinor === null ? null : orderMinor - taken,
    points: isValid ? pointsOf(voucher) : 0,
    times_used: voucher.timesUsed,
    remaining_uses: remainingUses(voucher),
    valid_until: voucher.validUntil?.toISOString() ?? null,
    matched_by: match.kind,
  };
}
