import { z } from 'zod';
import { defineEndpoint } from '../endpoint.ts';

const shared = {
  method: 'GET',
  dialect: 'agent',
  owner: 'gateway',
  role: 'public',
  publicLimit: 'docs',
  scopes: [],
  success: 200,
  idempotent: false,
  bare: true,
} as const;

/** `asset` names a part of the page; the page itself asks for them. */
export const docs = defineEndpoint({
  ...shared,
  id: 'agent.docs',
  path: '/api/agent/docs',
  produces: 'text/html',
  summary: 'Show the documentation page.',
  query: z.strictObject({
    asset: z.enum(['page.css', 'start.js', 'swagger-ui.js', 'swagger-ui.css']).optional(),
    api: z.enum(['agent', 'partner']).optional(),
  }),
  answer: z.string(),
  otherAnswers: {
    200: {
      description: 'The page, or the part of it that was asked for.',
      media: ['text/html', 'text/css', 'text/javascript'],
      answer: z.string(),
      example: '<!doctype html><title>Punchcard APIs</title>',
    },
  },
  example: { answer: '<!doctype html><title>Punchcard APIs</title>' },
});

export const docsJson = defineEndpoint({
  ...shared,
  id: 'agent.docs_json',
  path: '/api/agent/docs.json',
  summary: 'Get the OpenAPI document of one of the two APIs.',
  query: z.strictObject({ api: z.enum(['agent', 'partner']).default('agent').meta({ default: 'agent' }) }),
  answer: z.looseObject({
    openapi: z.string(),
    info: z.looseObject({ title: z.string(), version: z.string() }),
    paths: z.record(z.string(), z.unknown()),
  }),
  example: { answer: { openapi: '3.1.1', info: { title: 'Punchcard Agent API', version: '0.1.0' }, paths: {} } },
});
