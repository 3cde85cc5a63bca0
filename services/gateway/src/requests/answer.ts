import { renderError } from '@punchcard/service-kit';
import { headersOf } from '../limits/headers-rules.ts';
import { discardBody } from './discard-body.ts';
import type { Exchange } from './exchange.ts';

/** No cookie and no other ambient credential exists that another site could borrow, so every site may read. */
const CORS = [
  'Access-Control-Allow-Origin',
  '*',
  'Access-Control-Expose-Headers',
  'X-Request-Id, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, X-RateLimit-Tier, RateLimit-Policy, RateLimit, Retry-After, Idempotency-Replayed',
];
const PREFLIGHT = [
  'Access-Control-Allow-Headers',
  'Content-Type, Accept-Language, Authorization, Idempotency-Key, X-Agent-Key, X-API-Key, X-API-Secret, X-Partner-ID, X-Shop-ID, X-Request-Id, Mcp-Protocol-Version, Mcp-Session-Id',
  'Access-Control-Max-Age',
  '86400',
];

/** The headers of every answer, as a flat list of names and values for one `writeHead`. */
export function commonHeaders({ id, limits, tier, request }: Exchange): string[] {
  const list = ['X-Request-Id', id];
  if (limits) {
    const about = headersOf(limits, tier);
    for (const name in about) list.push(name, about[name]!);
  }
  if (request.headers.origin !== undefined) list.push(...CORS);
  return list;
}

/** Answers with data in the Agent API's envelope; for what the gateway itself knows. */
export function answerData(exchange: Exchange, data: unknown): void {
  answerJson(exchange, { error: false, data });
}

/** Answers with a whole JSON body. */
export function answerJson(exchange: Exchange, body: unknown): void {
  send(exchange, {
    status: 200,
    headers: ['content-type', 'application/json; charset=utf-8'],
    content: JSON.stringify(body),
  });
}

/** Answers with anything. */
export function answerWith(exchange: Exchange, sending: Sending): void {
  if (!exchange.isClosed) send(exchange, sending);
}

/** Answers `OPTIONS` of a known path. */
export function answerOptions(exchange: Exchange, allowed: readonly string[]): void {
  const methods = allowed.join(', ');
  const headers = ['Allow', methods, 'Access-Control-Allow-Methods', methods, ...PREFLIGHT];
  const { response } = exchange;
  response.writeHead(204, [...commonHeaders(exchange), ...headers]).end();
  discardBody(exchange.request);
}

/** Answers with a refusal, or breaks the connection when an answer is under way already. */
export function answerError(exchange: Exchange, thrown: unknown): void {
  const { response, request, dialect, id } = exchange;
  if (response.headersSent || exchange.isClosed) return void response.destroy();
  const { status, code, headers, body } = renderError(dialect, thrown, id);
  exchange.code = code;
  exchange.cause = thrown instanceof Error ? (thrown.cause ?? (status === 500 ? thrown : undefined)) : thrown;
  // A client that waits for `100 Continue` may send its body now or never: the next request could not be told from it.
  if (exchange.isContinueExpected) headers['connection'] = 'close';
  send(exchange, { status, headers: Object.entries(headers).flat(), content: JSON.stringify(body) });
  discardBody(request);
}

export interface Sending {
  status: number;
  headers: readonly string[];
  content: string | Buffer;
}

/** Node leaves the content out for HEAD. */
function send(exchange: Exchange, { status, headers, content }: Sending): void {
  const length = status === 204 || status === 304 ? [] : ['content-length', String(Buffer.byteLength(content))];
  exchange.response.writeHead(status, [...commonHeaders(exchange), ...headers, ...length]).end(content);
}
