import {
  AppError,
  errors,
  type Answer,
  type Caller,
  type Details,
  type Endpoint,
  type ErrorCode,
  type Marks,
  type Request,
  type ServiceName,
} from '@punchcard/contracts';
import { Pool, type Dispatcher } from 'undici';
import { systemCaller } from './caller-context.ts';
import { CALLER_HEADER, signCaller, TOKEN_REFUSED_HEADER, type CallerSecret } from './caller-token.ts';
import { formatMarks, MARKS_HEADER } from './marks.ts';
import { pathOf, queryOf, writeJson } from './request-target.ts';

const TIMEOUT_MS = 2_000;
const CONNECTIONS = 32;

export type InternalRequest<E extends Endpoint> = Request<E> & {
  /** Who the call is for; default: this service itself. */
  caller?: Caller;
  marks?: Marks;
};

export interface InternalClientOptions {
  baseUrls: Partial<Record<ServiceName, string>>;
  callerSecrets: readonly CallerSecret[];
  /** The service that calls. */
  self: ServiceName;
  /** Default 2 s. */
  timeoutMs?: number;
}

export interface InternalClient {
  /**
   * Asks another service. Never inside a database transaction.
   * @returns the `data` of its answer
   * @throws AppError the callee's refusal, or SERVICE_UNAVAILABLE {service} when it did not answer in time or could not be reached
   */
  call<E extends Endpoint>(endpoint: E, request?: InternalRequest<E>): Promise<Answer<E>>;
  close(): Promise<void>;
}

/** A typed client of the services' own endpoints, with a pool of kept connections for each service. */
export function createInternalClient(options: InternalClientOptions): InternalClient {
  const { baseUrls, callerSecrets, self, timeoutMs = TIMEOUT_MS } = options;
  const pools = new Map<ServiceName, Pool>();

  const poolOf = (service: ServiceName): Pool => {
    const url = baseUrls[service];
    if (url === undefined) throw new Error(`${self} was not told the URL of ${service}`);
    let pool = pools.get(service);
    if (!pool) pools.set(service, (pool = new Pool(new URL(url).origin, { connections: CONNECTIONS })));
    return pool;
  };

  return {
    call: async (endpoint, request = {}) => {
      const { owner, method } = endpoint;
      const { params, query, body, caller = systemCaller(), marks } = request;
      const path = pathOf(endpoint, params);
      const headers = {
        [CALLER_HEADER]: signCaller(caller, { audience: owner, method, path }, callerSecrets),
        ...(marks && Object.keys(marks).length > 0 ? { [MARKS_HEADER]: formatMarks(marks) } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      };
      const sent = body === undefined ? null : writeJson(body);
      const signal = AbortSignal.timeout(timeoutMs);
      const target = { method, path: path + queryOf(query), headers, body: sent, signal };
      return (await ask(poolOf(owner), owner, target)) as Answer<typeof endpoint>;
    },
    close: async () => {
      await Promise.all([...pools.values()].map((pool) => pool.close()));
    },
  };
}

async function ask(pool: Pool, service: ServiceName, target: Dispatcher.RequestOptions): Promise<unknown> {
  const unavailable = (cause: unknown) => new AppError('SERVICE_UNAVAILABLE', { details: { service }, cause });
  let answer: { statusCode: number; headers: Dispatcher.ResponseData['headers']; body: unknown };
  try {
    const { statusCode, headers, body } = await pool.request(target);
    answer = { statusCode, headers, body: await body.json() };
  } catch (cause) {
    throw unavailable(cause);
  }
  const { statusCode, headers, body } = answer;
  if (statusCode < 300) return (body as { data: unknown }).data;
  const isOurFault = headers[TOKEN_REFUSED_HEADER] !== undefined;
  const refusal = isOurFault ? undefined : refusalOf(body, Number(headers['retry-after']));
  throw refusal ?? unavailable(new Error(`${target.method} ${target.path} of ${service} answered ${statusCode}`));
}

/** The callee's refusal as it threw it, so that it is rendered in the dialect of the call that we are in. */
function refusalOf(body: unknown, retryAfter: number): AppError | undefined {
  const { code, details } = body as { code?: unknown; details?: unknown };
  if (typeof code !== 'string' || !Object.hasOwn(errors, code)) return undefined;
  return new AppError(code as ErrorCode, {
    details: (details ?? {}) as Details,
    ...(Number.isFinite(retryAfter) ? { retryAfter } : {}),
  });
}
