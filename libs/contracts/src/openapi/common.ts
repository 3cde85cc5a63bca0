import { errors, errorRow, type ErrorCode } from '../errors.ts';
import type { JsonSchema } from './json-schema.ts';
import { wordOf } from './error-rules.ts';

type Dialect = 'agent' | 'partner';

const header = (description: string, schema: JsonSchema, example: unknown): JsonSchema => ({
  description,
  schema: { ...schema, examples: [example] },
});
const integer = { type: 'integer' };
const text = { type: 'string' };

/** Headers of answers (contract 1.4, 1.5). */
export const headers: Readonly<Record<string, JsonSchema>> = {
  'X-Request-Id': header('Names the request; one that you send is used.', text, '0195743e-6c00-7c1a-8f53-2f1b7f0a1c12'),
  'X-RateLimit-Limit': header('The hourly quota.', integer, 10_000),
  'X-RateLimit-Remaining': header('Calls left in the window that ends now.', integer, 9_871),
  'X-RateLimit-Reset': header(
    'Unix seconds at which the oldest counted call leaves the window.',
    integer,
    1_772_961_300,
  ),
  'X-RateLimit-Tier': header('Whose limits these are.', text, 'enterprise'),
  'RateLimit-Policy': header('All limits that apply.', text, '"hour";q=10000;w=3600, "minute";q=1000;w=60'),
  RateLimit: header('How they stand.', text, '"hour";r=9871;t=1840, "minute";r=993;t=22'),
  'Retry-After': header('Whole seconds to wait.', { type: 'integer', minimum: 1 }, 1),
  'Idempotency-Replayed': header('`true`: the answer of the first request with this key, again.', text, 'true'),
};

const onAll = Object.keys(headers).filter((name) => name !== 'Retry-After' && name !== 'Idempotency-Replayed');

/** References to the headers that every answer has, and to those named. */
export const headersWith = (...more: string[]): JsonSchema =>
  Object.fromEntries([...onAll, ...more].map((name) => [name, { $ref: `#/components/headers/${name}` }]));

const inHeader = (name: string, description: string, schema: JsonSchema): JsonSchema => ({
  name,
  in: 'header',
  description,
  schema,
});

/** Headers of requests, by dialect. */
export const parametersOf = (dialect: Dialect): Record<string, JsonSchema> => ({
  IdempotencyKey: inHeader(
    'Idempotency-Key',
    'Names this write for good: sent again, it answers what it answered first and does nothing more. Kept for 30 days.',
    { type: 'string', minLength: 1, maxLength: 255, pattern: '^[ -~]+$' },
  ),
  ...(dialect === 'partner' && {
    PartnerId: inHeader('X-Partner-ID', 'Must be your own partner id, when sent.', { type: 'string', format: 'uuid' }),
    ShopId: inHeader('X-Shop-ID', 'Narrows the request to one shop.', { type: 'string', format: 'uuid' }),
  }),
});

const codesOf = (dialect: Dialect): string[] => [
  ...new Set((Object.keys(errors) as ErrorCode[]).map((code) => wordOf(dialect, code))),
];
const requestId = { type: 'string', description: 'As in the header X-Request-Id.' };
const message = { type: 'string', description: 'What was wrong, where, and what to do.' };

/** The form of every refusal, and of pages, in a dialect (contract 1.2). */
export function schemasOf(dialect: Dialect): Record<string, JsonSchema> {
  const count = { type: 'integer', minimum: 0 };
  const fields = { current_page: count, per_page: count, total: count, last_page: count };
  return {
    Error: dialect === 'agent' ? agentError() : partnerError(),
    Pagination: { type: 'object', properties: fields, required: Object.keys(fields) },
  };
}

const agentError = (): JsonSchema => ({
  type: 'object',
  properties: {
    error: { type: 'boolean', const: true },
    code: { type: 'string', enum: codesOf('agent') },
    message,
    retry_strategy: {
      type: 'string',
      enum: [...new Set((Object.keys(errors) as ErrorCode[]).map((code) => errorRow(code).retryStrategy))],
      description: 'What the caller should do.',
    },
    details: { type: 'object', description: 'Where and with which values, by code.', additionalProperties: true },
    request_id: requestId,
  },
  required: ['error', 'code', 'message', 'retry_strategy', 'request_id'],
});

const partnerError = (): JsonSchema => ({
  type: 'object',
  properties: {
    success: { type: 'boolean', const: false },
    error: {
      type: 'object',
      properties: { code: { type: 'string', enum: codesOf('partner') }, message },
      required: ['code', 'message'],
      description: 'More fields stand beside these, by code.',
      additionalProperties: true,
    },
    request_id: requestId,
  },
  required: ['success', 'error', 'request_id'],
});

const inKeyHeader = (name: string, description: string): JsonSchema => ({
  type: 'apiKey',
  in: 'header',
  name,
  description,
});

export const securitySchemesOf = (dialect: Dialect): Record<string, JsonSchema> =>
  dialect === 'agent'
    ? {
        AgentKey: inKeyHeader('X-Agent-Key', 'A key `rl_agent_…`, `rl_member_…` or `rl_admin_…`; it decides the role.'),
        BearerKey: { type: 'http', scheme: 'bearer', description: 'The same key, for MCP clients.' },
      }
    : {
        ApiKey: inKeyHeader('X-API-Key', 'The key of a pair; goes with `X-API-Secret`.'),
        ApiSecret: inKeyHeader('X-API-Secret', 'The secret of the pair.'),
      };
