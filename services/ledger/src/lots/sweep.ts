import type { Sql } from '@punchcard/database';
import type { Booking } from '../booking/lanes.ts';
import { byId } from '../members/identify.ts';
import { findExpired, findWoken, type Cursor, type DueLot, type Page } from './platform-due-lots.ts';

const PAGE = 250;
const BEGINNING: Cursor = { dueAt: new Date(0), lotId: '00000000-0000-0000-0000-000000000000' };

/**
 * Books what is true already: expired points as an entry dated at the instant they were due, woken points as earned. It
 * decides nothing: each account gets an order to settle, through the lanes like everything else. Returns how many.
 */
export async function sweep({ sql, booking }: { sql: Sql; booking: Booking }, now: Date): Promise<number> {
  let settled = 0;
  for (const find of [findExpired, findWoken]) {
    for await (const lots of pagesOf((page) => find(sql, page), now)) {
      const accounts = new Map(lots.map((lot) => [`${lot.partnerId} ${lot.memberId} ${lot.cardId}`, lot]));
      await Promise.all([...accounts.values()].map((account) => settle(booking, account, now)));
      settled += accounts.size;
    }
  }
  return settled;
}

/** By keyset, so that lots which cannot be settled yet (their card is not copied) hold up nobody. */
async function* pagesOf(find: (page: Page) => Promise<DueLot[]>, now: Date): AsyncGenerator<DueLot[]> {
  let after = BEGINNING;
  for (;;) {
    const lots = await find({ now, after, limit: PAGE });
    const last = lots.at(-1);
    if (last) yield lots;
    if (!last || lots.length < PAGE) return;
    after = last;
  }
}

const settle = (booking: Booking, { partnerId, memberId, cardId }: DueLot, now: Date) =>
  booking.submitAsKnown({ kind: 'settle', partnerId, cardId, candidates: byId(memberId), now });
