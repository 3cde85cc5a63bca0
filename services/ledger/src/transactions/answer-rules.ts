import { majorOf, type Answer, type listMyTransactions, type listTransactions } from '@punchcard/contracts';
import type { StoredItem } from '../booking/journal-rules.ts';
import type { EntryRow } from './views.ts';

type OwnTransaction = Answer<typeof listMyTransactions>[number];
export type Transaction = Answer<typeof listTransactions>[number];

/** An entry as callers see it at an instant. */
export function toTransaction(entry: EntryRow, now: Date): Transaction {
  const { purchaseMinor, currency, activatesAt, expiresAt } = entry;
  return {
    id: entry.transactionId,
    member_id: entry.memberId,
    card_id: entry.cardId,
    club_id: entry.clubId,
    staff_id: entry.staffId,
    staff_name: entry.staffName ?? 'System',
    reward_id: entry.rewardId,
    event: entry.event,
    points: entry.points,
    balance_after: entry.balanceAfter,
    purchase_amount: purchaseMinor === null ? null : majorOf(purchaseMinor, currency),
    currency: purchaseMinor === null ? null : currency,
    status: activatesAt !== null && activatesAt > now ? 'pending' : 'completed',
    reversed_points: 0,
    reverses_id: null,
    reference: entry.reference,
    note: entry.note,
    activates_at: activatesAt?.toISOString() ?? null,
    expires_at: expiresAt?.toISOString() ?? null,
    breakdown: entry.breakdown,
    items: (entry.items ?? []).map((item) => toItem(item, currency)),
    group_id: entry.groupId,
    claim_code: entry.claimCode,
    occurred_at: entry.occurredAt.toISOString(),
    created_at: entry.createdAt.toISOString(),
  };
}

/** The same for the member: without clubs and staff, and what these noted. */
export function toOwnTransaction(entry: EntryRow, now: Date): OwnTransaction {
  const {
    staff_id: _staff,
    staff_name: _name,
    club_id: _club,
    note: _note,
    items: _items,
    group_id: _group,
    ...own
  } = toTransaction(entry, now);
  return own;
}

const toItem = ({ quantity, amount_minor: amountMinor, ...item }: StoredItem, currency: string) => ({
  ...item,
  quantity: Number(quantity),
  amount: majorOf(amountMinor, currency),
  reversed_amount: 0,
});
