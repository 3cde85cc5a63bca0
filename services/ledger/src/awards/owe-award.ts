import type { Tx } from '@punchcard/database';
import { currentTraceparent } from '@punchcard/messaging';
import type { Owed } from './new-award.ts';
import { insertOwed } from './owed-store.ts';

/**
 * Notes that an award is owed, in the transaction in which an event says so. A job books it soon after, once for its reference:
 * also if a call booked the reference already. The second note of a reference does nothing.
 */
export const oweAward = (tx: Tx, owed: Omit<Owed, 'traceparent'> & { occurredAt: Date }): Promise<void> =>
  insertOwed(tx, { ...owed, traceparent: currentTraceparent() });
