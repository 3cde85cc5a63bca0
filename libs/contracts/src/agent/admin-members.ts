import { z } from 'zod';
import { defineEndpoint } from '../endpoint.ts';
import { agentPage, id, text } from '../primitives.ts';
import { sample } from '../sample.ts';
import { member, memberExample } from './members.ts';

/** The payload of contract 3.6, and whose member it is. */
const item = member.extend({ partner_id: z.uuid() });
const example = { ...memberExample, partner_id: sample.partnerId };

const shared = {
  method: 'GET',
  dialect: 'agent',
  owner: 'members',
  role: 'admin',
  scopes: ['read'],
  success: 200,
  idempotent: false,
  missing: { code: 'MEMBER_NOT_FOUND', resource: 'member', idName: 'member_identifier' },
} as const;

export const listAllMembers = defineEndpoint({
  ...shared,
  id: 'agent.admin.members.list',
  path: '/api/agent/v1/admin/members',
  paged: true,
  summary: 'List members of all partners, or of one.',
  query: z.strictObject({ ...agentPage, partner_id: id.optional(), search: text(1, 255).optional() }),
  answer: z.array(item),
  example: { answer: [example] },
});

export const getAnyMember = defineEndpoint({
  ...shared,
  id: 'agent.admin.members.get',
  path: '/api/agent/v1/admin/members/{id}',
  summary: 'Get a member of any partner.',
  params: z.object({ id: z.uuid() }),
  answer: item,
  example: { answer: example },
});
