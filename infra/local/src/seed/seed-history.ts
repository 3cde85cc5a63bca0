import { setTimeout as sleep } from 'node:timers/promises';
import { importMembers, importTransactions } from '@punchcard/contracts';
import type { Caller } from '@punchcard/contracts';
import type { InternalClient } from '@punchcard/service-kit';
import type { Note } from '../progress.ts';
import type { SampleRow } from './history.ts';
import type { SampleMember } from './members.ts';

const membersAtOnce = 500;
const rowsAtOnce = 500;
const maxTries = 20;

export type Import = { internal: InternalClient; caller: Caller; note: Note };

const chunks = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));

/** Hands the members to the service that owns them. */
export const sendMembers = async (members: SampleMember[], { internal, caller, note }: Import): Promise<void> => {
  let sent = 0;
  for (const chunk of chunks(members, membersAtOnce)) {
    await internal.call(importMembers, { caller, body: { members: chunk } });
    sent += chunk.length;
    note(`${sent} of ${members.length} members`);
  }
};

/** Refusals that end when the ledger's copies of cards and members have caught up. */
const isTooEarly = (code: string): boolean => /NOT_FOUND|UNAVAILABLE/.test(code);

const sendChunk = async (rows: SampleRow[], { internal, caller }: Import): Promise<void> => {
  for (let tried = 1; ; tried++) {
    // Rows that are booked already are duplicates by their reference, so the whole chunk can be sent again.
    const { failed } = await internal.call(importTransactions, { caller, body: { rows } });
    if (failed.length === 0) return;
    if (tried === maxTries || !failed.every(({ code }) => isTooEarly(code))) {
      const first = failed[0];
      throw new Error(
        `${failed.length} rows of the history were refused, the first with ${first?.code}: ` +
          JSON.stringify(rows[first?.index ?? 0]),
      );
    }
    await sleep(500);
  }
};

/** Hands the history to the ledger, in its order. */
export const sendHistory = async (rows: SampleRow[], options: Import): Promise<void> => {
  let sent = 0;
  for (const chunk of chunks(rows, rowsAtOnce)) {
    await sendChunk(chunk, options);
    sent += chunk.length;
    options.note(`${sent} of ${rows.length} transactions`);
  }
};
