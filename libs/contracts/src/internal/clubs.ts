import { z } from 'zod';
import { defineEndpoint } from '../endpoint.ts';
import { id } from '../primitives.ts';
import { sample } from '../sample.ts';

const shared = {
  dialect: 'internal',
  role: 'system',
  method: 'POST',
  success: 200,
  idempotent: false,
  // In lower case: templates of batches are searched for its text.
  params: z.object({ id }),
} as const;

/** `in_use` 0 comes with a hold: for a minute, or until it is released, nothing can be put in the club. */
const held = z.object({ in_use: z.int(), hold_id: z.uuid().nullable() });
const release = z.strictObject({ hold_id: z.uuid() });

/** As all of these asked by the catalog before it deletes a club, for the caller's partner. Repeatable; the last hold counts. */
export const holdClubForStaff = defineEndpoint({
  ...shared,
  id: 'internal.staff.hold_club',
  owner: 'staff',
  path: '/internal/staff/clubs/{id}/hold',
  summary: 'Count the staff of a club, and keep it free of staff if there is none.',
  answer: held,
  example: { answer: { in_use: 0, hold_id: sample.keyId } },
});

/** After the catalog decided against it. A hold that another has replaced stays. */
export const releaseClubForStaff = defineEndpoint({
  ...shared,
  id: 'internal.staff.release_club',
  owner: 'staff',
  path: '/internal/staff/clubs/{id}/release',
  summary: 'Let staff be put in a club again that was not deleted after all.',
  body: release,
  answer: z.object({ released: z.literal(true) }),
  example: { body: { hold_id: sample.keyId }, answer: { released: true } },
});

export const holdClubForVouchers = defineEndpoint({
  ...shared,
  id: 'internal.vouchers.hold_club',
  owner: 'vouchers',
  path: '/internal/vouchers/clubs/{id}/hold',
  summary: 'Count the vouchers of a club, and keep it free of vouchers if there is none.',
  answer: held,
  example: { answer: { in_use: 0, hold_id: sample.keyId } },
});

export const releaseClubForVouchers = defineEndpoint({
  ...shared,
  id: 'internal.vouchers.release_club',
  owner: 'vouchers',
  path: '/internal/vouchers/clubs/{id}/release',
  summary: 'Let vouchers be put in a club again that was not deleted after all.',
  body: release,
  answer: z.object({ released: z.literal(true) }),
  example: { body: { hold_id: sample.keyId }, answer: { released: true } },
});

/** The same of a tier, for the vouchers that target it. */
export const holdTierForVouchers = defineEndpoint({
  ...shared,
  id: 'internal.vouchers.hold_tier',
  owner: 'vouchers',
  path: '/internal/vouchers/tiers/{id}/hold',
  summary: 'Count the vouchers that target a tier, and let none target it if there is none.',
  answer: held,
  example: { answer: { in_use: 0, hold_id: sample.keyId } },
});

export const releaseTierForVouchers = defineEndpoint({
  ...shared,
  id: 'internal.vouchers.release_tier',
  owner: 'vouchers',
  path: '/internal/vouchers/tiers/{id}/release',
  summary: 'Let vouchers target a tier again that was not deleted after all.',
  body: release,
  answer: z.object({ released: z.literal(true) }),
  example: { body: { hold_id: sample.keyId }, answer: { released: true } },
});
