import { AppError, type Call, type Caller, type Endpoint } from '@punchcard/contracts';
import { z } from 'zod';
import { idempotencyOf, requestHashOf } from './idempotency.ts';
import { inspect } from './inspect.ts';
import { describe, noteIssues, type Problems } from './issues.ts';
import { mediaOf } from './media.ts';
import { MARKS_HEADER, parseMarks } from './marks.ts';
import { parseBody } from './read-body.ts';
import { readQuery } from './read-query.ts';
import { shopOf } from './shop.ts';
import type { IncomingHttpHeaders } from 'node:http';

/** A request after its caller is known, before anything of it was parsed. */
export interface Arrival {
  method: string;
  /** Without the query. */
  path: string;
  query: string;
  params: Readonly<Record<string, string>>;
  headers: IncomingHttpHeaders;
  body: Buffer;
  caller: Caller;
}

/** Made once: making a schema costs as much as ten requests. */
const nothing = z.strictObject({});
/** Absent values are part of an issue, so that "is required" can be told from a wrong form. */
const options = { error: describe, reportInput: true } as const;
const ESCAPE = Buffer.from('\\u');

/**
 * Everything that a handler gets. The order of refusals is the contract's (1.3): JSON, then fields of query and body with the form
 * of the Idempotency-Key, all at once, then a path whose id has a bad form.
 * @throws AppError MALFORMED_JSON, VALIDATION_FAILED, or what the endpoint says is missing
 */
export function parseCall(endpoint: Endpoint, arrival: Arrival): Call {
  const { method, path, headers, caller } = arrival;
  const problems: Problems = new Map();
  const sentBody = parseBody(arrival.body);
  const sentQuery = readQuery(arrival.query, problems);
  const query = fields(endpoint.query, sentQuery, { problems, unknown: 'is not a parameter of this endpoint' });
  const isShallow = inspect(sentBody, arrival.body.includes(ESCAPE), problems);
  const body = isShallow && fields(endpoint.body, sentBody, { problems, unknown: 'is not a known field' });

  const requestHash =
    method === 'GET' || method === 'HEAD' || !isShallow
      ? ''
      : requestHashOf({ method, path, query: sentQuery, body: sentBody }, endpoint);
  const key = { header: oneOf(headers['idempotency-key']), caller, requestHash };
  const idempotency = idempotencyOf(endpoint, key, problems);
  const shopId = shopOf(endpoint, oneOf(headers['x-shop-id']), problems);
  if (problems.size > 0) throw new AppError('VALIDATION_FAILED', { details: { errors: Object.fromEntries(problems) } });

  const marks = headers[MARKS_HEADER];
  // The compiler cannot know that these are the outputs of this endpoint's schemas; `Handlers` makes its handler's types of them.
  return {
    params: paramsOf(endpoint, arrival.params),
    query,
    body,
    caller,
    idempotency,
    requestHash,
    requestId: caller.request_id,
    now: new Date(),
    marks: parseMarks(typeof marks === 'string' ? marks : undefined),
    language: headers['accept-language'] ?? null,
    shopId,
    media: mediaOf(endpoint, headers.accept),
  } as unknown as Call;
}

/**
 * The query of a request by its endpoint's schema, for what answers without a service behind it.
 * @throws AppError VALIDATION_FAILED
 */
export function parseQuery(endpoint: Endpoint, text: string): unknown {
  const problems: Problems = new Map();
  const sent = readQuery(text, problems);
  const query = fields(endpoint.query, sent, { problems, unknown: 'is not a parameter of this endpoint' });
  if (problems.size > 0) throw new AppError('VALIDATION_FAILED', { details: { errors: Object.fromEntries(problems) } });
  return query;
}

/** A header that came several times is none of them. */
const oneOf = (header: string | string[] | undefined): string | undefined =>
  typeof header === 'object' ? header.join() : header;

function fields(
  schema: z.ZodType = nothing,
  value: unknown,
  { problems, unknown }: { problems: Problems; unknown: string },
): unknown {
  const result = schema.safeParse(value, options);
  if (result.success) return result.data;
  noteIssues(problems, result.error.issues, { unknown });
  return undefined;
}

/** An id of a bad form names nothing: it is as absent as an unknown one (contract 1.1). */
function paramsOf({ params: schema, missing }: Endpoint, values: Readonly<Record<string, string>>): unknown {
  const unstorable = Object.keys(values).find((name) => values[name]?.includes('\0'));
  const result = (schema ?? nothing).safeParse(values);
  if (result.success && unstorable === undefined) return result.data;
  const name = String(unstorable ?? result.error?.issues[0]?.path[0]);
  const id = values[name] ?? null;
  const { code, resource, idName } = missing ?? { code: 'NOT_FOUND', resource: undefined, idName: 'id' };
  const details = code === 'NOT_FOUND' && resource !== undefined ? { resource, [idName]: id } : { [idName]: id };
  throw new AppError(code, { details });
}
