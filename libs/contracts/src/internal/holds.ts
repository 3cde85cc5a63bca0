import { z } from 'zod';
import { defineEndpoint } from '../endpoint.ts';
import { id } from '../primitives.ts';
import { sample } from '../sample.ts';

/**
 * Asked by the catalog before it deletes something that others name, for the caller's partner: how much names it, and with
 * nothing there nothing begins to until the catalog says what became of it. Repeatable; the last hold counts.
 */
const shared = {
  dialect: 'internal',
  role: 'system',
  method: 'POST',
  success: 200,
  idempotent: false,
  // In lower case: templates of batches are searched for its text.
  params: z.object({ id }),
} as const;

const hold = {
  ...shared,
  /** `in_use` 0 comes with a hold: for a minute at most, unless the catalog says what became of it. */
  answer: z.object({ in_use: z.int(), hold_id: z.uuid().nullable() }),
  example: { answer: { in_use: 0, hold_id: sample.keyId } },
} as const;

/** After the catalog decided; a hold that another has replaced stays. With `is_deleted` copies know it at once, events or not. */
const release = {
  ...shared,
  body: z.strictObject({ hold_id: z.uuid(), is_deleted: z.boolean().optional() }),
  answer: z.object({ released: z.literal(true) }),
  example: { body: { hold_id: sample.keyId }, answer: { released: true } },
} as const;

export const holdClubForStaff = defineEndpoint({
  ...hold,
  id: 'internal.staff.hold_club',
  owner: 'staff',
  path: '/internal/staff/clubs/{id}/hold',
  summary: 'Count the staff of a club, and keep it free of staff if there is none.',
});

export const releaseClubForStaff = defineEndpoint({
  ...release,
  id: 'internal.staff.release_club',
  owner: 'staff',
  path: '/internal/staff/clubs/{id}/release',
  summary: 'Let staff be put in a club again that was not deleted after all, or know that it was.',
});

export const holdClubForVouchers = defineEndpoint({
  ...hold,
  id: 'internal.vouchers.hold_club',
  owner: 'vouchers',
  path: '/internal/vouchers/clubs/{id}/hold',
  summary: 'Count the vouchers of a club, and keep it free of vouchers if there is none.',
});

export const releaseClubForVouchers = defineEndpoint({
  ...release,
  id: 'internal.vouchers.release_club',
  owner: 'vouchers',
  path: '/internal/vouchers/clubs/{id}/release',
  summary: 'Let vouchers be put in a club again that was not deleted after all, or know that it was.',
});

export const holdTierForVouchers = defineEndpoint({
  ...hold,
  id: 'internal.vouchers.hold_tier',
  owner: 'vouchers',
  path: '/internal/vouchers/tiers/{id}/hold',
  summary: 'Count the vouchers that target a tier, and let none target it if there is none.',
});

export const releaseTierForVouchers = defineEndpoint({
  ...release,
  id: 'internal.vouchers.release_tier',
  owner: 'vouchers',
  path: '/internal/vouchers/tiers/{id}/release',
  summary: 'Let vouchers target a tier again that was not deleted after all, or know that it was.',
});

/**
 * The same of a loyalty card, for the vouchers that pay onto it and can still be redeemed. With none, what was redeemed onto it
 * before is on the books of the ledger, or refused by it for good; 503 when the ledger does not say. The id of the hold is the
 * catalog's, which remembers the last until it has said what became of the card: so it lasts a day if need be, and a release ends
 * earlier ones, too (ids are UUIDs of version 7).
 */
export const holdCardForVouchers = defineEndpoint({
  ...hold,
  id: 'internal.vouchers.hold_card',
  owner: 'vouchers',
  path: '/internal/vouchers/cards/{id}/hold',
  summary: 'Count the vouchers that pay onto a card, and let none be redeemed onto it if there is none.',
  body: z.strictObject({ hold_id: z.uuid() }),
  example: { body: { hold_id: sample.keyId }, answer: { in_use: 0, hold_id: sample.keyId } },
});

export const releaseCardForVouchers = defineEndpoint({
  ...release,
  id: 'internal.vouchers.release_card',
  owner: 'vouchers',
  path: '/internal/vouchers/cards/{id}/release',
  summary: 'Let vouchers pay onto a card again that was not deleted after all, or know that it was.',
});
