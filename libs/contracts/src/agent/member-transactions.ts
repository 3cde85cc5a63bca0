import { z } from 'zod';
import { defineEndpoint } from '../endpoint.ts';
import { entryEventWords } from '../events/ledger.ts';
import { agentPage, day, id } from '../primitives.ts';
import { transaction, transactionExample } from './transactions.ts';

const {
  staff_id: _staff,
  staff_name: _name,
  club_id: _club,
  note: _note,
  items: _items,
  group_id: _group,
  ...myTransactionExample
} = transactionExample;

/** Members see neither clubs nor staff, nor what these noted. */
export const listMyTransactions = defineEndpoint({
  id: 'agent.member.transactions.list',
  method: 'GET',
  path: '/api/agent/v1/member/transactions',
  dialect: 'agent',
  owner: 'ledger',
  role: 'member',
  scopes: ['read'],
  feature: 'loyalty_cards',
  success: 200,
  idempotent: false,
  paged: true,
  summary: 'List your transactions, newest first.',
  query: z
    .strictObject({
      ...agentPage,
      card_id: id.optional(),
      event: z.enum(entryEventWords).optional(),
      from: day.optional(),
      to: day.optional(),
    })
    .refine(({ from, to }) => from === undefined || to === undefined || from <= to, {
      path: ['from'],
      error: 'must not be after to',
    }),
  answer: z.array(
    transaction.omit({ staff_id: true, staff_name: true, club_id: true, note: true, items: true, group_id: true }),
  ),
  example: { answer: [myTransactionExample] },
});
