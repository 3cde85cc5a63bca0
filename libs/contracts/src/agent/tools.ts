import { z } from 'zod';
import { defineEndpoint } from '../endpoint.ts';

/** Whose form the tools are listed in. */
export const toolFormats = ['generic', 'openai', 'anthropic', 'mcp'] as const;
export type ToolFormat = (typeof toolFormats)[number];

const shared = {
  dialect: 'agent',
  owner: 'gateway',
  role: 'any',
  scopes: [],
  success: 200,
  idempotent: false,
  bare: true,
} as const;

export const listTools = defineEndpoint({
  ...shared,
  id: 'agent.tools',
  method: 'GET',
  path: '/api/agent/v1/tools',
  summary: 'List the tools this key may call.',
  query: z.strictObject({ format: z.enum(toolFormats).default('generic').meta({ default: 'generic' }) }),
  answer: z.object({
    error: z.literal(false),
    tools: z.array(z.record(z.string(), z.unknown())),
    meta: z.object({
      role: z.enum(['partner', 'member', 'admin']),
      format: z.enum(toolFormats),
      tool_count: z.int(),
      cached: z.boolean(),
    }),
  }),
  example: {
    query: { format: 'openai' },
    answer: {
      error: false,
      tools: [
        {
          type: 'function',
          function: {
            name: 'check_health',
            description: 'Check the key: identity, scopes, owner.\nHTTP: GET /api/agent/v1/health',
            parameters: { type: 'object', properties: {}, required: [], additionalProperties: false },
          },
        },
      ],
      meta: { role: 'partner', format: 'openai', tool_count: 1, cached: true },
    },
  },
});

const rpcId = z.union([z.string(), z.int()]);

const rpcError = z.object({ code: z.int(), message: z.string(), data: z.unknown().optional() });

/** JSON-RPC 2.0 both ways (Model Context Protocol, streamable HTTP, stateless). */
export const mcp = defineEndpoint({
  ...shared,
  id: 'agent.mcp',
  method: 'POST',
  path: '/api/agent/v1/mcp',
  bearer: true,
  also: [202],
  otherAnswers: {
    202: { description: 'Nothing is to be said to what only notifies.' },
    400: {
      description: 'This is no message of JSON-RPC.',
      answer: z.looseObject({ jsonrpc: z.literal('2.0'), id: z.null(), error: rpcError }),
      example: { jsonrpc: '2.0', id: null, error: { code: -32_700, message: 'Parse error: Invalid JSON-RPC message' } },
    },
  },
  summary: 'Model Context Protocol server over the same endpoints.',
  body: z.looseObject({
    jsonrpc: z.literal('2.0'),
    id: rpcId.optional(),
    method: z.string(),
    params: z.record(z.string(), z.unknown()).optional(),
  }),
  answer: z.looseObject({
    jsonrpc: z.literal('2.0'),
    id: rpcId.nullable(),
    result: z.record(z.string(), z.unknown()).optional(),
    error: rpcError.optional(),
  }),
  example: {
    body: { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'list_clubs', arguments: { per_page: 10 } } },
    answer: {
      jsonrpc: '2.0',
      id: 1,
      result: {
        content: [{ type: 'text', text: '{"data":[]}' }],
        structuredContent: { data: [], pagination: { current_page: 1, per_page: 10, total: 0, last_page: 1 } },
      },
    },
  },
});
