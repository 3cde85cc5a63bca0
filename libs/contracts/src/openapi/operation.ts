import type { Endpoint } from '../endpoint.ts';
import type { ErrorCode } from '../errors.ts';
import { headersWith } from './common.ts';
import type { Shelf } from './components.ts';
import { errorCodesOf, refusalExample, wordOf } from './error-rules.ts';
import { jsonSchemaOf, type JsonSchema } from './json-schema.ts';
import { answerNames, bodyName, tagOf } from './names.ts';
import { otherAnswersOf, withPage } from './other-answers.ts';

type Dialect = 'agent' | 'partner';

export interface Shelves {
  schemas: Shelf;
  responses: Shelf;
}

const refTo = (kind: string, name: string): JsonSchema => ({ $ref: `#/components/${kind}/${name}` });

/** One endpoint as an operation of OpenAPI 3.1. */
export function operationOf(endpoint: Endpoint, shelves: Shelves): JsonSchema {
  const { id, summary, body, example } = endpoint;
  const inPath = parameters('path', endpoint.params, example.params);
  const inQuery = parameters('query', endpoint.query, example.query);
  const bodySchema = body && jsonSchemaOf(body, 'input');
  const fields = new Set([...[...inPath, ...inQuery].map(({ name }) => String(name)), ...fieldsIn(bodySchema)]);
  const all = [...inPath, ...inQuery, ...headerParameters(endpoint)];
  return {
    operationId: id,
    tags: [tagOf(endpoint)],
    summary: summary.replace(/\.$/, ''),
    description: descriptionOf(endpoint),
    security: securityOf(endpoint),
    ...(all.length > 0 && { parameters: all }),
    ...(bodySchema && {
      requestBody: {
        required: (bodySchema['required'] as unknown[] | undefined)?.length !== undefined,
        content: {
          'application/json': {
            schema: shelves.schemas.put(bodySchema, [bodyName(endpoint)]),
            example: example.body,
          },
        },
      },
    }),
    responses: {
      ...successOf(endpoint, shelves),
      ...refusalsOf(endpoint, fields, shelves),
      ...otherAnswersOf(endpoint),
    },
  };
}

/** Names of all fields of a schema, also of the objects in it. */
function fieldsIn(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { properties } = schema as { properties?: object };
  return [...Object.keys(properties ?? {}), ...Object.values(schema).flatMap(fieldsIn)];
}

function descriptionOf({ summary, scopes = [], permission, role, plan }: Endpoint): string {
  const lines = [summary, ''];
  if (role === 'public') lines.push('Needs no key.');
  else if (permission) lines.push(`Permission: \`${permission}\`.`);
  else if (scopes.length > 0) lines.push(`Scope, any one of: ${scopes.map((scope) => `\`${scope}\``).join(', ')}.`);
  else lines.push('Any good key will do.');
  if (plan) lines.push(`Plan: ${plan} or higher.`);
  return lines.join('\n');
}

function securityOf({ dialect, role, bearer }: Endpoint): JsonSchema[] {
  if (role === 'public') return [];
  if (dialect === 'partner') return [{ ApiKey: [], ApiSecret: [] }];
  return bearer ? [{ AgentKey: [] }, { BearerKey: [] }] : [{ AgentKey: [] }];
}

function parameters(place: 'path' | 'query', schema: Endpoint['query'], examples: unknown): JsonSchema[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = jsonSchemaOf(schema, 'input') as {
    properties?: Record<string, JsonSchema>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...property }]) => {
    const example = (examples as Record<string, unknown> | undefined)?.[name];
    return {
      name,
      in: place,
      required: place === 'path' || required.includes(name),
      ...(description === undefined ? {} : { description }),
      schema: property,
      ...(example === undefined || property['type'] !== 'string' ? {} : { example }),
    };
  });
}

function headerParameters({ idempotent, dialect, role }: Endpoint): JsonSchema[] {
  return [
    ...(idempotent ? ['IdempotencyKey'] : []),
    ...(dialect === 'partner' && role !== 'public' ? ['PartnerId', 'ShopId'] : []),
  ].map((name) => refTo('parameters', name));
}

function successOf(endpoint: Endpoint, { schemas }: Shelves): Record<string, JsonSchema> {
  const { success, also = [], produces, alsoProduces, idempotent, bare, answer, paged, example } = endpoint;
  const type = produces ?? 'application/json';
  const whole = jsonSchemaOf(answer, 'output');
  const names = answerNames(endpoint);
  const isList = whole['type'] === 'array' && typeof whole['items'] === 'object';
  const data = isList
    ? { ...whole, items: schemas.put(whole['items'] as JsonSchema, names) }
    : schemas.put(whole, names);
  const content = {
    [type]: {
      schema: bare ? data : envelopeOf(endpoint, data),
      example: bare ? example.answer : enveloped(endpoint, example.answer, paged === true),
    },
    ...(alsoProduces && { [alsoProduces]: { schema: { type: 'string' }, example: asCsv(example.answer) } }),
  };
  const response = {
    description: 'Done.',
    headers: headersWith(...(idempotent ? ['Idempotency-Replayed'] : [])),
    content,
  };
  const good = also.filter((status) => status < 300);
  return Object.fromEntries([success, ...good].map((status) => [String(status), response]));
}

/** The example's rows as a file (RFC 4180); no example has a value that needs quotes. */
function asCsv(rows: unknown): string {
  const [first = {}, ...others] = rows as Record<string, unknown>[];
  const lines = [Object.keys(first), ...[first, ...others].map((row) => Object.values(row))];
  return lines.map((values) => `${values.join()}\r\n`).join('');
}

function envelopeOf({ dialect, paged }: Endpoint, data: JsonSchema): JsonSchema {
  const page = refTo('schemas', 'Pagination');
  const properties =
    dialect === 'partner'
      ? {
          success: { type: 'boolean', const: true },
          data,
          ...(paged && { meta: page }),
          request_id: { type: 'string' },
        }
      : { error: { type: 'boolean', const: false }, data, ...(paged && { pagination: page }) };
  return { type: 'object', properties, required: Object.keys(properties) };
}

function enveloped({ dialect }: Endpoint, data: unknown, isPaged: boolean): Record<string, unknown> {
  const page = { current_page: 1, per_page: dialect === 'partner' ? 15 : 25, total: 1, last_page: 1 };
  if (dialect === 'agent') return { error: false, data, ...(isPaged && { pagination: page }) };
  return { success: true, data, ...(isPaged && { meta: page }), request_id: '0195743e-6c00-7c1a-8f53-2f1b7f0a1c12' };
}

const phrases: Readonly<Record<number, string>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  409: 'Conflict',
  413: 'ContentTooLarge',
  415: 'UnsupportedMediaType',
  422: 'Unprocessable',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'Unavailable',
  504: 'Timeout',
};

function refusalsOf(
  endpoint: Endpoint,
  fields: ReadonlySet<string>,
  { responses }: Shelves,
): Record<string, JsonSchema> {
  const dialect = endpoint.dialect as Dialect;
  const codes = [...errorCodesOf(endpoint, fields)].toSorted(([a], [b]) => a - b);
  return Object.fromEntries(
    codes.map(([status, all]) => [
      String(status),
      responses.put(withPage(refusal(dialect, all), status, endpoint), [phrases[status] ?? `Status${status}`]),
    ]),
  );
}

function refusal(dialect: Dialect, codes: readonly ErrorCode[]): JsonSchema {
  const words = [...new Set(codes.map((code) => wordOf(dialect, code)))];
  const code = { properties: { code: { enum: words } } };
  const narrowed = dialect === 'agent' ? code : { properties: { error: { ...code, additionalProperties: true } } };
  const mayWait = codes.some((one) => ['RATE_LIMITED', 'SERVICE_UNAVAILABLE', 'IDEMPOTENCY_IN_FLIGHT'].includes(one));
  return {
    description: words.map((word) => `\`${word}\``).join(', '),
    headers: headersWith(...(mayWait ? ['Retry-After'] : [])),
    content: {
      'application/json': {
        schema: { allOf: [refTo('schemas', 'Error'), narrowed] },
        examples: Object.fromEntries(codes.map((one) => [one, { value: refusalExample(dialect, one) }])),
      },
    },
  };
}
