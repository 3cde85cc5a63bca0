import { z } from 'zod';
import { defineEndpoint } from '../endpoint.ts';
import { entryEvents } from '../events/ledger.ts';
import { instant } from '../primitives.ts';
import { sample } from '../sample.ts';

const shared = { dialect: 'internal', owner: 'ledger', role: 'system', success: 200, idempotent: false } as const;

const row = {
  /** Natural key: a repeat books nothing. */
  reference: z.string().min(1).max(255),
  card_id: z.uuid(),
  member_id: z.uuid(),
  /** The instant at which it happened and is booked; not before earlier entries of the account. */
  at: instant,
};

/**
 * History, booked row by row in the order given through the same lanes and rules as live traffic, with `now` = `at`. A row that a rule
 * refuses fails alone. For the caller's partner. Used by sample data and migrations.
 */
export const importTransactions = defineEndpoint({
  ...shared,
  id: 'internal.transactions.import',
  method: 'POST',
  path: '/internal/transactions/import',
  maxBodyBytes: 64 * 2 ** 20,
  summary: 'Import purchases and redemptions of the past.',
  body: z.strictObject({
    rows: z
      .array(
        z.discriminatedUnion('type', [
          z.strictObject({ type: z.literal('purchase'), ...row, purchase_minor: z.int().min(1) }),
          z.strictObject({ type: z.literal('redeem'), ...row, reward_id: z.uuid() }),
        ]),
      )
      .min(1)
      .max(2_000),
  }),
  answer: z.object({
    booked: z.int(),
    duplicates: z.int(),
    failed: z.array(z.object({ index: z.int(), code: z.string() })),
  }),
  example: {
    body: {
      rows: [
        {
          type: 'purchase',
          reference: 'sample-1',
          card_id: sample.cardId,
          member_id: sample.memberId,
          at: sample.at,
          purchase_minor: 2_450,
        },
      ],
    },
    answer: { booked: 1, duplicates: 0, failed: [] },
  },
});

/** All entries of all partners in booking order, to rebuild a consumer's tables. `next_after` null = the end as of now. */
export const exportEntries = defineEndpoint({
  ...shared,
  id: 'internal.entries.export',
  method: 'GET',
  path: '/internal/entries',
  summary: 'Export the entries of the ledger, a page at a time.',
  query: z.strictObject({
    after: z.string().max(100).optional(),
    limit: z
      .string()
      .regex(/^[1-9]\d{0,4}$/)
      .transform(Number)
      .default(5_000),
  }),
  answer: z.object({
    entries: z.array(
      z.object({
        event_id: z.uuid(),
        partner_id: z.uuid(),
        transaction_id: z.uuid(),
        member_id: z.uuid(),
        card_id: z.uuid(),
        club_id: z.uuid(),
        event: z.enum(entryEvents),
        points: z.int(),
        balance_after: z.int(),
        seq: z.int(),
        purchase_minor: z.int().nullable(),
        currency: z.string(),
        reward_id: z.uuid().nullable(),
        staff_id: z.uuid().nullable().optional(),
        reference: z.string().nullable(),
        occurred_at: instant,
        created_at: instant,
      }),
    ),
    next_after: z.string().nullable(),
  }),
  example: { answer: { entries: [], next_after: null } },
});
