import { z } from 'zod';
import { defineEndpoint } from '../endpoint.ts';
import { email, instant, locale, text, timeZone } from '../primitives.ts';
import { sample } from '../sample.ts';

/** Members with a past, by id: a repeat changes nothing. For the caller's partner; same code and events as a registration. */
export const importMembers = defineEndpoint({
  id: 'internal.members.import',
  method: 'POST',
  path: '/internal/members/import',
  dialect: 'internal',
  owner: 'members',
  role: 'system',
  success: 200,
  idempotent: false,
  maxBodyBytes: 64 * 2 ** 20,
  summary: 'Import members.',
  body: z.strictObject({
    members: z
      .array(
        z.strictObject({
          member_id: z.uuid(),
          name: text(1, 255).nullable(),
          email: email.nullable(),
          member_number: text(1, 64).nullable(),
          locale,
          time_zone: timeZone,
          registered_at: instant,
        }),
      )
      .min(1)
      .max(1_000),
  }),
  answer: z.object({ imported: z.int(), existing: z.int() }),
  example: {
    body: {
      members: [
        {
          member_id: sample.memberId,
          name: 'Ann Example',
          email: 'ann@example.com',
          member_number: 'A-1001',
          locale: 'en_US',
          time_zone: 'Europe/Vilnius',
          registered_at: sample.at,
        },
      ],
    },
    answer: { imported: 1, existing: 0 },
  },
});

/** Of the caller's partner: the cards on which a member has an entry. Of somebody who is not known, none. */
export const memberCards = defineEndpoint({
  id: 'internal.members.cards',
  method: 'GET',
  path: '/internal/ledger/members/{id}/cards',
  dialect: 'internal',
  owner: 'ledger',
  role: 'system',
  success: 200,
  idempotent: false,
  summary: 'List the cards that a member has used.',
  params: z.object({ id: z.uuid() }),
  answer: z.object({ card_ids: z.array(z.uuid()) }),
  example: { answer: { card_ids: [sample.cardId] } },
});

/** `last_login_at` of members: when one of their keys was last used, to the minute; a gateway sends what it saw in a while. */
export const recordMemberUse = defineEndpoint({
  id: 'internal.members.record_use',
  method: 'POST',
  path: '/internal/members/used',
  // Ten thousand rows are more than a megabyte.
  maxBodyBytes: 4 * 2 ** 20,
  dialect: 'internal',
  owner: 'members',
  role: 'system',
  success: 200,
  idempotent: false,
  summary: 'Record when members last used a key.',
  body: z.strictObject({
    used: z.array(z.strictObject({ partner_id: z.uuid(), member_id: z.uuid(), at: instant })).max(10_000),
  }),
  answer: z.object({ recorded: z.int() }),
  example: {
    body: { used: [{ partner_id: sample.partnerId, member_id: sample.memberId, at: sample.at }] },
    answer: { recorded: 1 },
  },
});
