import { cardUsage } from '@punchcard/contracts';
import type { Sql } from '@punchcard/database';
import type { Writer } from '@punchcard/messaging';
import { systemCaller, type InternalClient, type Log } from '@punchcard/service-kit';
import { lockProgramme } from '../programme/store.ts';
import type { Closing } from './closing-store.ts';
import { deleteCard } from './delete-card.ts';
import { letGo, tellDeleted } from './let-go.ts';
import { findOldClosings } from './platform-closings.ts';
import { findCard } from './store.ts';

interface Deps {
  sql: Sql;
  writer: Writer;
  internal: InternalClient;
  log: Log;
}

/** By then the ledger has done what it was asked to, or never will: a caller token lasts 30 s, a statement 5. */
const SURE_AFTER_MS = 60_000;

/**
 * Ends the deletions of cards whose process died, or to which somebody did not answer. Closed by the ledger: the card is deleted,
 * since closing is for good. Not closed: it stays, as if nobody had asked. What cannot be ended now is left for the next time.
 */
export async function endClosings(deps: Deps, now: Date): Promise<void> {
  for (const closing of await findOldClosings(deps.sql, new Date(now.getTime() - SURE_AFTER_MS))) {
    const { partnerId, cardId } = closing;
    await endClosing(deps, closing, now).then(
      () => deps.log.info({ partnerId, cardId }, 'a deletion of a card that had not ended is ended'),
      (error: unknown) => deps.log.warn({ err: error, partnerId, cardId }, 'a deletion of a card cannot be ended yet'),
    );
  }
}

async function endClosing({ sql, writer, internal }: Deps, closing: Closing, now: Date): Promise<void> {
  const { partnerId, cardId, closingLocale: locale } = closing;
  const caller = systemCaller({ partnerId });
  const { is_closed: isClosed } = await internal.call(cardUsage, { params: { id: cardId }, caller });
  if (!isClosed) return letGo({ sql, internal }, { closing, caller });
  await writer.write(null, async (tx) => {
    await lockProgramme(tx, partnerId);
    const isThere = (await findCard(tx, closing)) !== undefined;
    const { events } = isThere ? await deleteCard(tx, { key: closing, locale, now }) : { events: [] };
    return { data: {}, partnerId, events };
  });
  await tellDeleted(internal, { closing, caller });
}
