import { z } from 'zod';
import { defineEndpoint } from '../endpoint.ts';
import { agentPage, deleted, queryBoolean, stamps, text } from '../primitives.ts';
import { sample } from '../sample.ts';

const club = z.object({
  id: z.uuid(),
  name: z.string(),
  description: z.string().nullable(),
  is_active: z.boolean(),
  ...stamps,
});

const fields = {
  name: text(1, 255),
  description: text(0, 1_000).nullable().optional(),
  is_active: z.boolean().optional(),
};

const clubExample = {
  id: sample.clubId,
  name: 'Downtown Location',
  description: 'Our flagship store',
  is_active: true,
  created_at: sample.at,
  updated_at: sample.at,
};

const shared = {
  dialect: 'agent',
  owner: 'catalog',
  role: 'partner',
  missing: { code: 'CLUB_NOT_FOUND', resource: 'club', idName: 'club_id' },
} as const;
const one = { ...shared, path: '/api/agent/v1/partner/clubs/{id}', params: z.object({ id: z.uuid() }) } as const;
const many = { ...shared, path: '/api/agent/v1/partner/clubs' } as const;
const reads = { scopes: ['read', 'write:clubs'], success: 200, idempotent: false } as const;
const writes = { scopes: ['write:clubs'], idempotent: true } as const;

export const listClubs = defineEndpoint({
  ...many,
  ...reads,
  id: 'agent.clubs.list',
  method: 'GET',
  paged: true,
  summary: 'List clubs.',
  query: z.strictObject({ ...agentPage, search: text(1, 255).optional(), is_active: queryBoolean.optional() }),
  answer: z.array(club),
  example: { answer: [clubExample] },
});

export const getClub = defineEndpoint({
  ...one,
  ...reads,
  id: 'agent.clubs.get',
  method: 'GET',
  summary: 'Get a club.',
  answer: club,
  example: { answer: clubExample },
});

export const createClub = defineEndpoint({
  ...many,
  ...writes,
  id: 'agent.clubs.create',
  method: 'POST',
  success: 201,
  summary: 'Create a club.',
  body: z.strictObject(fields),
  answer: club,
  example: { body: { name: 'Downtown Location', description: 'Our flagship store' }, answer: clubExample },
});

export const updateClub = defineEndpoint({
  ...one,
  ...writes,
  id: 'agent.clubs.update',
  method: 'PUT',
  success: 200,
  summary: 'Change a club.',
  body: z.strictObject(fields).partial(),
  answer: club,
  example: { body: { name: 'Downtown' }, answer: { ...clubExample, name: 'Downtown' } },
});

export const deleteClub = defineEndpoint({
  ...one,
  ...writes,
  id: 'agent.clubs.delete',
  method: 'DELETE',
  success: 200,
  summary: 'Delete a club that nothing belongs to any more.',
  answer: deleted,
  example: { answer: { id: sample.clubId, deleted: true } },
});
