import { z } from 'zod';
import { defineEndpoint } from '../endpoint.ts';
import { sample } from '../sample.ts';

/**
 * Where a member stands as of now, for the caller's partner: the tiers held, one of each ladder, and whether anything was ever
 * bought. One who has not come to the ledger yet holds the default tiers. Unknown members: 404 MEMBER_NOT_FOUND.
 */
export const memberStanding = defineEndpoint({
  id: 'internal.members.standing',
  method: 'GET',
  path: '/internal/ledger/members/{id}/standing',
  dialect: 'internal',
  owner: 'ledger',
  role: 'system',
  success: 200,
  idempotent: false,
  params: z.object({ id: z.uuid() }),
  summary: 'Tell the tiers that a member holds, and whether the member has purchased.',
  answer: z.object({ tier_ids: z.array(z.uuid()), has_purchased: z.boolean() }),
  example: { answer: { tier_ids: [sample.tierId], has_purchased: true } },
});
