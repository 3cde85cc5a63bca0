import { z } from 'zod';
import { defineEndpoint } from '../endpoint.ts';
import { instant } from '../primitives.ts';
import { sample } from '../sample.ts';

export const health = defineEndpoint({
  id: 'agent.health',
  method: 'GET',
  path: '/api/agent/v1/health',
  dialect: 'agent',
  owner: 'gateway',
  role: 'any',
  scopes: [],
  success: 200,
  idempotent: false,
  summary: 'Check the key: identity, scopes, owner.',
  answer: z.object({
    status: z.enum(['ok', 'degraded']),
    key: z.object({
      name: z.string(),
      prefix: z.string(),
      role: z.enum(['partner', 'member', 'admin']),
      scopes: z.array(z.string()),
      rate_limit: z.int(),
      expires_at: instant.nullable(),
      created_at: instant,
      last_used_at: instant.nullable(),
    }),
    owner: z.object({ id: z.uuid(), name: z.string().nullable(), type: z.enum(['partner', 'member', 'admin']) }),
    server_time: instant,
    version: z.string(),
  }),
  example: {
    answer: {
      status: 'ok',
      key: {
        name: 'Till 1',
        prefix: 'rl_agent_a8f3k2m1',
        role: 'partner',
        scopes: ['read', 'write:transactions', 'write:rewards'],
        rate_limit: 1_000,
        expires_at: null,
        created_at: sample.at,
        last_used_at: null,
      },
      owner: { id: sample.partnerId, name: 'Bean & Bloom', type: 'partner' },
      server_time: sample.at,
      version: '0.1.0',
    },
  },
});
