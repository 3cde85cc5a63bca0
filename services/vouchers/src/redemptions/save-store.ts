import type { Statement, Tx } from '@punchcard/database';
import type { Books, Redemption } from './batch-rules.ts';

type Booked = Pick<Books, 'redemptions' | 'newKeys'> & { memberUses: readonly MemberUses[] };

export interface MemberUses {
  partnerId: string;
  voucherId: string;
  memberId: string;
  uses: number;
}

/** Everything the batch decided, one statement a table, to be sent together. */
export function save(tx: Tx, booked: Booked): Statement[] {
  const { redemptions, newKeys, memberUses } = booked;
  const statements: [count: number, write: () => Statement][] = [
    [redemptions.length, () => updateVouchers(tx, redemptions)],
    [memberUses.length, () => saveMemberUses(tx, memberUses)],
    [redemptions.length, () => insertRedemptions(tx, redemptions)],
    [newKeys.length, () => insertKeys(tx, newKeys)],
  ];
  return statements.filter(([count]) => count > 0).map(([, write]) => write());
}

/** The same statements with nothing in their hands: they are planned before the first batch needs them. */
export const saveNothing = (tx: Tx): Statement[] => [
  ...[updateVouchers(tx, []), saveMemberUses(tx, []), insertRedemptions(tx, []), insertKeys(tx, [])],
];

const rows = (of: readonly unknown[]): string => JSON.stringify(of);

function updateVouchers(tx: Tx, redemptions: readonly Redemption[]): Statement {
  const used = [...new Set(redemptions.map(({ voucher }) => voucher))];
  return tx`
    update vouchers v
    set times_used = q.times_used
    from unnest(
      ${used.map(({ partnerId }) => partnerId)}::uuid[],
      ${used.map(({ voucherId }) => voucherId)}::uuid[],
      ${used.map(({ timesUsed }) => timesUsed)}::bigint[]
    ) as q (partner_id, voucher_id, times_used)
    where v.partner_id = q.partner_id and v.voucher_id = q.voucher_id
  `;
}

function saveMemberUses(tx: Tx, uses: readonly MemberUses[]): Statement {
  const records = uses.map((use) => ({
    ...{ partner_id: use.partnerId, voucher_id: use.voucherId, member_id: use.memberId, uses: use.uses },
  }));
  return tx`
    insert into voucher_member_uses (partner_id, voucher_id, member_id, uses)
    select partner_id, voucher_id, member_id, uses
    from json_populate_recordset(null::voucher_member_uses, ${rows(records)}::text::json)
    on conflict (partner_id, voucher_id, member_id) do update set uses = excluded.uses
  `;
}

function insertRedemptions(tx: Tx, redemptions: readonly Redemption[]): Statement {
  return tx`
    insert into redemptions (
      partner_id, redemption_id, voucher_id, batch_id, club_id, member_id, order_minor, discount_minor, currency, points,
      card_id, points_status, order_reference, staff_id, note, answer, redeemed_at
    )
    select
      partner_id, redemption_id, voucher_id, batch_id, club_id, member_id, order_minor, discount_minor, currency, points,
      card_id, points_status, order_reference, staff_id, note, answer, redeemed_at
    from json_populate_recordset(null::redemptions, ${rows(redemptions.map(toRecord))}::text::json)
  `;
}

const toRecord = ({ order, voucher, memberId, discountMinor, points, data }: Redemption) => ({
  partner_id: order.partnerId,
  redemption_id: order.redemptionId,
  voucher_id: voucher.voucherId,
  batch_id: voucher.batchId,
  club_id: voucher.clubId,
  member_id: memberId,
  order_minor: order.orderMinor,
  discount_minor: discountMinor,
  currency: voucher.currency,
  points,
  card_id: voucher.rewardCardId,
  points_status: data.points_status,
  order_reference: order.orderReference,
  staff_id: order.staffId,
  note: order.note,
  answer: data,
  redeemed_at: order.now,
});

function insertKeys(tx: Tx, keys: Books['newKeys']): Statement {
  const records = keys.map(({ idempotency: { partnerId, scope, key, requestHash }, data, createdAt }) => ({
    ...{ partner_id: partnerId, scope, key, request_hash: requestHash, data, created_at: createdAt },
  }));
  return tx`
    insert into idempotency_keys (partner_id, scope, key, request_hash, data, created_at)
    select partner_id, scope, key, request_hash, data, created_at
    from json_populate_recordset(null::idempotency_keys, ${rows(records)}::text::json)
  `;
}
