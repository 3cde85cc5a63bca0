import type { Duplex } from 'node:stream';
import { STATUS_CODES } from 'node:http';
import { AppError, newId } from '@punchcard/contracts';
import { dialectOf, renderError } from '@punchcard/service-kit';
import type { FindRoute } from './route.ts';

/** What Node's parser could not take. */
export interface ParseError extends Error {
  code?: string;
  rawPacket?: Buffer;
}

const statuses: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

const REQUEST_LINE = /^([!#$%&'*+.^_`|~\w-]{1,32}) (\/[^\s?]*)\S* HTTP\/1\.[01]\r?\n/;

/**
 * Answers what is not HTTP and closes. A method that Node does not know is still a request for a path: 404 or 405 as for any other
 * that the path does not have.
 */
export function answerClientError(error: ParseError, socket: Duplex, findRoute: FindRoute): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const [, method, path] = REQUEST_LINE.exec(error.rawPacket?.toString('latin1', 0, 8_192) ?? '') ?? [];
  const isUnknownMethod = error.code === 'HPE_INVALID_METHOD' && method !== undefined && path !== undefined;
  socket.end(
    isUnknownMethod ? refusal(method, path, findRoute) : head(statuses[error.code ?? ''] ?? 400, ['content-length: 0']),
  );
}

function refusal(method: string, path: string, findRoute: FindRoute): string {
  const match = findRoute(method, path);
  const error =
    match.found === 'path'
      ? new AppError('METHOD_NOT_ALLOWED', { details: { allowed: match.allowed } })
      : new AppError('NOT_FOUND');
  const requestId = newId();
  const { status, headers, body } = renderError(dialectOf(path) === 'partner' ? 'partner' : 'agent', error, requestId);
  const text = JSON.stringify(body);
  const lines = Object.entries({ ...headers, 'content-length': Buffer.byteLength(text) }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  return head(status, lines, requestId) + text;
}

const head = (status: number, lines: readonly string[], requestId = newId()): string =>
  [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    ...lines,
    `X-Request-Id: ${requestId}`,
    'Connection: close',
    '',
    '',
  ].join('\r\n');
