import type { IncomingMessage, ServerResponse } from 'node:http';
import { AppError, newId, type Call, type Caller, type Endpoint, type ServiceName } from '@punchcard/contracts';
import { writeAnswer } from './answer.ts';
import { nameRoute } from './caller-context.ts';
import { CALLER_HEADER, TOKEN_REFUSED_HEADER, verifyCaller, type CallerSecret } from './caller-token.ts';
import type { Log } from './log.ts';
import { timerOf } from './metrics.ts';
import { sendPage } from './page.ts';
import { parseCall } from './parse-call.ts';
import { checkMedia, ClientGone, DEFAULT_MAX_BODY_BYTES, hasBody, readBody } from './read-body.ts';
import { isStreamed, sendStream } from './stream-answer.ts';
import { renderError, toAppError } from './render-error.ts';

export interface HandleOptions {
  name: ServiceName;
  callerSecrets: readonly CallerSecret[];
  log: Log;
  beforeHandler?: ((call: Call) => Promise<unknown>) | undefined;
  isUnavailable?: ((thrown: unknown) => boolean) | undefined;
}

export type Handler = (call: Call) => Promise<unknown>;

/** A request that was found in the table. */
export interface Arriving {
  request: IncomingMessage;
  response: ServerResponse;
  path: string;
  query: string;
  params: Readonly<Record<string, string>>;
}

const NO_BYTES = Buffer.alloc(0);
/** What counts as the status of a request whose client left; nobody sees it but the metrics. */
const GONE = 499;

/** One endpoint on its handler: parses what comes in, checks what goes out, answers every throw in its dialect. */
export function createHandle(endpoint: Endpoint, handler: Handler, options: HandleOptions) {
  const time = timerOf(endpoint.id);

  return async (arriving: Arriving): Promise<void> => {
    const startedAt = performance.now();
    const { response } = arriving;
    const known: { caller?: Caller } = {};
    nameRoute(endpoint.path);
    try {
      const call = await receive(endpoint, arriving, { ...options, known });
      await options.beforeHandler?.(call);
      const result = await handler(call);
      if (isStreamed(result)) {
        const { status, isWhole } = await sendStream(response, endpoint, { answer: result, requestId: call.requestId });
        return time(isWhole ? status : GONE, startedAt);
      }
      time(await answer(endpoint, { result, arriving, requestId: call.requestId }), startedAt);
    } catch (thrown) {
      // Half of the answer is out: the log is all that can still be told.
      if (response.headersSent) throw thrown;
      const status =
        thrown instanceof ClientGone ? GONE : refuse(response, endpoint, { thrown, caller: known.caller, options });
      time(status, startedAt);
    }
  };
}

/** Writes what the handler gave; the status that it got. */
async function answer(
  endpoint: Endpoint,
  { result, arriving, requestId }: { result: unknown; arriving: Arriving; requestId: string },
): Promise<number> {
  const { request, response } = arriving;
  if (endpoint.produces) return sendPage(endpoint, result, { response, asked: request.headers, requestId });
  const { status, headers, body } = writeAnswer(endpoint, result, requestId);
  send(response, { status, headers: { ...headers, 'x-request-id': requestId }, body });
  return status;
}

/** The checks in the order of the contract (1.3): media type and size, who calls, then everything that was sent. */
async function receive(
  endpoint: Endpoint,
  { request, path, query, params }: Arriving,
  { name, callerSecrets, known }: HandleOptions & { known: { caller?: Caller } },
): Promise<Call> {
  const { headers, method = 'GET' } = request;
  const maximum = endpoint.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES;
  checkMedia(headers, maximum);
  const token = headers[CALLER_HEADER];
  const caller = verifyCaller(
    typeof token === 'string' ? token : undefined,
    { audience: name, method, path },
    callerSecrets,
  );
  known.caller = caller;
  const body = hasBody(headers) ? await readBody(request, maximum) : NO_BYTES;
  return parseCall(endpoint, { method, path, query, params, headers, body, caller });
}

interface Sending {
  status: number;
  headers: Record<string, string>;
  body: Record<string, unknown>;
}

/** Writes an answer whole; Node leaves the body out for HEAD. */
export function send(response: ServerResponse, { status, headers, body }: Sending): void {
  const text = JSON.stringify(body);
  response
    .writeHead(status, {
      'content-type': 'application/json; charset=utf-8',
      'content-length': Buffer.byteLength(text),
      ...headers,
    })
    .end(text);
}

function refuse(
  response: ServerResponse,
  endpoint: Endpoint,
  { thrown, caller, options }: { thrown: unknown; caller: Caller | undefined; options: HandleOptions },
): number {
  const { log, name, isUnavailable } = options;
  const requestId = caller?.request_id ?? newId();
  const error =
    !(thrown instanceof AppError) && isUnavailable?.(thrown)
      ? new AppError('SERVICE_UNAVAILABLE', { details: { service: name }, cause: thrown })
      : toAppError(thrown);
  const { status, code, headers, body } = renderError(endpoint.dialect, error, requestId);
  const about = { request_id: requestId, endpoint: endpoint.id, code, partner_id: caller?.partner_id ?? undefined };
  // Level error: somebody must act. A token of our own making that is not good here is a sign of wrong secrets or clocks.
  if (status >= 500) log.error({ ...about, err: error.cause ?? error }, 'failed');
  else if (!caller && error.cause) log.warn({ ...about, err: error.cause }, 'caller token refused');
  else log.info(about, 'refused');
  const isTokenRefused = !caller && status === 401;
  send(response, {
    status,
    headers: { ...headers, 'x-request-id': requestId, ...(isTokenRefused ? { [TOKEN_REFUSED_HEADER]: 'true' } : {}) },
    body,
  });
  return status;
}
