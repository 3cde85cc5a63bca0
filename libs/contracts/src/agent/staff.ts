import { z } from 'zod';
import { defineEndpoint } from '../endpoint.ts';
import {
  agentPage,
  deleted,
  email,
  httpsUrl,
  id,
  instant,
  locale,
  password,
  queryBoolean,
  stamps,
  text,
  timeZone,
} from '../primitives.ts';
import { sample } from '../sample.ts';

const member = z.object({
  id: z.uuid(),
  club_id: z.uuid(),
  club_name: z.string(),
  name: z.string(),
  email: z.string(),
  locale: z.string(),
  time_zone: z.string(),
  number_of_times_logged_in: z.int(),
  last_login_at: instant.nullable(),
  ...stamps,
  avatar: z.string().nullable(),
});

const fields = {
  club_id: id,
  name: text(1, 255),
  email,
  password: password.optional(),
  locale: locale.optional(),
  time_zone: timeZone.optional(),
  avatar: httpsUrl.nullable().optional(),
  is_active: z.boolean().optional(),
};

const memberExample = {
  id: sample.staffId,
  club_id: sample.clubId,
  club_name: 'Downtown Location',
  name: 'Ona Petraitė',
  email: 'ona@bean.example',
  locale: 'en_US',
  time_zone: 'Europe/Vilnius',
  number_of_times_logged_in: 0,
  last_login_at: null,
  created_at: sample.at,
  updated_at: sample.at,
  avatar: null,
};

const shared = {
  dialect: 'agent',
  owner: 'staff',
  role: 'partner',
  missing: { code: 'NOT_FOUND', resource: 'staff_member', idName: 'id' },
} as const;
const one = { ...shared, path: '/api/agent/v1/partner/staff/{id}', params: z.object({ id }) } as const;
const many = { ...shared, path: '/api/agent/v1/partner/staff' } as const;
const reads = { scopes: ['read', 'write:staff'], success: 200, idempotent: false } as const;
const writes = { scopes: ['write:staff'], idempotent: true } as const;

export const listStaff = defineEndpoint({
  ...many,
  ...reads,
  id: 'agent.staff.list',
  method: 'GET',
  paged: true,
  summary: 'List staff members.',
  query: z.strictObject({
    ...agentPage,
    club_id: id.optional(),
    is_active: queryBoolean.optional(),
    search: text(1, 255).optional(),
  }),
  answer: z.array(member),
  example: { answer: [memberExample] },
});

export const getStaff = defineEndpoint({
  ...one,
  ...reads,
  id: 'agent.staff.get',
  method: 'GET',
  summary: 'Get a staff member.',
  answer: member,
  example: { answer: memberExample },
});

export const createStaff = defineEndpoint({
  ...many,
  ...writes,
  id: 'agent.staff.create',
  method: 'POST',
  success: 201,
  summary: 'Add a staff member to a club.',
  secretFields: ['password'],
  body: z.strictObject(fields),
  answer: member,
  example: {
    body: { club_id: sample.clubId, name: 'Ona Petraitė', email: 'ona@bean.example' },
    answer: memberExample,
  },
});

export const updateStaff = defineEndpoint({
  ...one,
  ...writes,
  id: 'agent.staff.update',
  method: 'PUT',
  success: 200,
  summary: 'Change a staff member.',
  secretFields: ['password'],
  body: z.strictObject(fields).partial(),
  answer: member,
  example: { body: { name: 'Ona Petraitienė' }, answer: { ...memberExample, name: 'Ona Petraitienė' } },
});

export const deleteStaff = defineEndpoint({
  ...one,
  ...writes,
  id: 'agent.staff.delete',
  method: 'DELETE',
  success: 200,
  summary: 'Delete a staff member; past transactions keep the name.',
  answer: deleted,
  example: { answer: { id: sample.staffId, deleted: true } },
});
