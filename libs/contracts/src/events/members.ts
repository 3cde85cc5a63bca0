import { z } from 'zod';
import { defineEvent } from '../event.ts';
import { sample } from '../sample.ts';

/** Kinds of identifier that find a member, besides its id, in the order in which they are tried (contract 1.11). */
export const identifierKinds = ['email', 'unique_identifier', 'member_number'] as const;
export type IdentifierKind = (typeof identifierKinds)[number];

/** Whole state of a member without personal data. Identifiers are HMACs with the partner's key; none once anonymised. */
export const memberChanged = defineEvent({
  type: 'members.member_changed.v1',
  owner: 'members',
  topic: 'members',
  publicNames: ['customer.registered', 'customer.updated', 'customer.anonymised'],
  summary: 'A member registered, changed or was anonymised.',
  data: z.object({
    member_id: z.uuid(),
    state: z.enum(['active', 'anonymised']),
    identifiers: z.array(z.object({ kind: z.enum(identifierKinds), hash: z.string() })),
    registered_at: z.iso.datetime(),
  }),
  example: {
    member_id: sample.memberId,
    state: 'active',
    identifiers: [{ kind: 'email', hash: '6f1ed002ab5595859014ebf0951522d9' }],
    registered_at: sample.at,
  },
});
