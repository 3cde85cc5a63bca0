import { z } from 'zod';
import { defineEndpoint } from '../endpoint.ts';
import { dateTime, instant } from '../primitives.ts';
import { sample } from '../sample.ts';
import { balanceAnswer, balanceExample } from './members.ts';

const shared = {
  dialect: 'agent',
  owner: 'ledger',
  role: 'member',
  scopes: ['read'],
  feature: 'loyalty_cards',
  method: 'GET',
  success: 200,
  idempotent: false,
} as const;

/** At most 200, those first on which something happened last. Not paged. */
export const listMyBalances = defineEndpoint({
  ...shared,
  id: 'agent.member.balance.list',
  path: '/api/agent/v1/member/balance',
  summary: 'List your balances on all cards.',
  answer: z.array(
    z.object({
      card_id: z.uuid(),
      card_name: z.string(),
      balance: z.int(),
      active: z.int(),
      pending: z.int(),
      held: z.int(),
      expiring_next: z.object({ points: z.int(), expires_at: instant }).nullable(),
      currency: z.string(),
      tier: z.string().nullable(),
    }),
  ),
  example: {
    answer: [
      {
        card_id: sample.cardId,
        card_name: 'Coffee card',
        balance: 245,
        active: 245,
        pending: 0,
        held: 0,
        expiring_next: { points: 245, expires_at: '2027-03-08T09:15:00.000Z' },
        currency: 'EUR',
        tier: 'bronze',
      },
    ],
  },
});

const { member_id: _, ...myBalanceExample } = balanceExample;

export const getMyBalance = defineEndpoint({
  ...shared,
  id: 'agent.member.balance.get',
  path: '/api/agent/v1/member/balance/{cardId}',
  missing: { code: 'NOT_FOUND', resource: 'card', idName: 'id' },
  summary: 'Get your balance on a card, also at an instant.',
  params: z.object({ cardId: z.uuid() }),
  query: z.strictObject({ at: dateTime.optional() }),
  answer: balanceAnswer.omit({ member_id: true }),
  example: { answer: myBalanceExample },
});
