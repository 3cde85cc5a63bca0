import { releaseCardForVouchers, type Caller } from '@punchcard/contracts';
import type { Sql } from '@punchcard/database';
import type { InternalClient } from '@punchcard/service-kit';
import { forgetClosing, type Closing } from './closing-store.ts';

interface Asking {
  closing: Closing;
  caller: Caller;
}

/** Ends the deletion of a card that stays: vouchers may pay onto it again, and then stamp cards. @throws AppError when vouchers is not told */
export async function letGo(
  { sql, internal }: { sql: Sql; internal: InternalClient },
  { closing, caller }: Asking,
): Promise<void> {
  await release(internal, { closing, caller, isDeleted: false });
  await forgetClosing(sql, closing);
}

/** Tells vouchers of a card that is deleted, since the event may be long in coming. It may fail: the event comes all the same. */
export async function tellDeleted(internal: InternalClient, asking: Asking): Promise<void> {
  await release(internal, { ...asking, isDeleted: true }).catch(() => undefined);
}

const release = (internal: InternalClient, { closing, caller, isDeleted }: Asking & { isDeleted: boolean }) =>
  internal.call(releaseCardForVouchers, {
    params: { id: closing.cardId },
    body: { hold_id: closing.closingId, is_deleted: isDeleted },
    caller,
  });
