import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Endpoint } from '@punchcard/contracts';
import { readReply } from './answer.ts';

const pack = promisify(gzip);

/**
 * Sends what the handler of an endpoint that `produces` gave: text as it is, packed when the client takes it so, 304 when the
 * client has it already.
 * @returns the status
 * @throws Error when it is not what the endpoint promises
 */
export async function sendPage(
  endpoint: Endpoint,
  result: unknown,
  { response, asked, requestId }: { response: ServerResponse; asked: IncomingHttpHeaders; requestId: string },
): Promise<number> {
  const { data, status = endpoint.success, headers = {} } = readReply(result);
  if (typeof data !== 'string') throw new Error(`${endpoint.id} answers something else than text`);
  if (status !== endpoint.success && !endpoint.also?.includes(status)) {
    throw new Error(`${endpoint.id} does not declare status ${status}`);
  }
  // Weak: it is the same text packed or not.
  const etag = `W/"${createHash('sha256').update(data).digest('base64url').slice(0, 27)}"`;
  const about = { ...headers, 'x-request-id': requestId, etag, vary: varyWith(headers['vary']) };
  if (status === 200 && asked['if-none-match']?.includes(etag)) {
    response.writeHead(304, about).end();
    return 304;
  }
  const isPacked = /\bgzip\b/.test(String(asked['accept-encoding'] ?? ''));
  const content = isPacked ? await pack(data) : Buffer.from(data);
  response
    .writeHead(status, {
      'content-type': `${endpoint.produces}; charset=utf-8`,
      'content-length': content.length,
      ...about,
      ...(isPacked ? { 'content-encoding': 'gzip' } : {}),
    })
    .end(content);
  return status;
}

const varyWith = (vary?: string): string => (vary === undefined ? 'accept-encoding' : `${vary}, accept-encoding`);
