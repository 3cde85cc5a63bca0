import type { Tx } from '@punchcard/database';

/**
 * Waits until no other transaction adds or deletes vouchers of the partner; held until commit. The row is there from the first
 * time on.
 * @returns how many vouchers there are, with those that batches under way will make
 */
export async function lockCount(tx: Tx, partnerId: string): Promise<number> {
  const [counted] = await tx<{ vouchers: number }[]>`
    insert into voucher_counts (partner_id, vouchers)
    values (${partnerId}, 0)
    on conflict (partner_id) do update set vouchers = voucher_counts.vouchers
    returning vouchers
  `;
  return counted!.vouchers;
}

/** Adds what was made, or takes away what was deleted. */
export async function addToCount(tx: Tx, partnerId: string, vouchers: number): Promise<void> {
  await tx`
    update voucher_counts
    set vouchers = vouchers + ${vouchers}
    where partner_id = ${partnerId}
  `;
}
