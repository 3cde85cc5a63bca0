import { Readable } from 'node:stream';
import { AppError } from '@punchcard/contracts';
import { discardBody } from '../requests/discard-body.ts';
import type { Exchange } from '../requests/exchange.ts';
import type { Waiting } from './waiting-room.ts';

/** Bodies up to this are forwarded whole: one write instead of a stream. */
const WHOLE_BYTES = 65_536;

/** How a request's body goes on. */
export type BodyKind = 'none' | 'whole' | 'stream';

export function bodyKindOf({ request: { method, headers } }: Exchange): BodyKind {
  // A body of GET means nothing (RFC 9110, 9.3.1); its type and size were checked.
  if (method === 'GET' || method === 'HEAD') return 'none';
  if (headers['transfer-encoding'] !== undefined) return 'stream';
  const length = Number(headers['content-length'] ?? 0);
  return length === 0 ? 'none' : length <= WHOLE_BYTES ? 'whole' : 'stream';
}

/** Reads a body of known, small length. `then` is not called when the client leaves before its end. */
export function readWhole({ request }: Exchange, then: (body: Buffer) => void): void {
  let first: Buffer | undefined;
  let chunks: Buffer[] | undefined;
  request.on('data', (chunk: Buffer) => {
    if (chunks) chunks.push(chunk);
    else if (first) chunks = [first, chunk];
    else first = chunk;
  });
  request.on('end', () => then(chunks ? Buffer.concat(chunks) : (first ?? Buffer.alloc(0))));
}

/**
 * A body as it comes, no faster than the service takes it. While the client has to send, the service is not waited for.
 * Fails with PAYLOAD_TOO_LARGE past `maxBytes`. What is left when it ends early is read and forgotten. `onStart` is called when
 * its first bytes, or its end, are there.
 */
export function streamOf(
  { request }: Exchange,
  { maxBytes, waiting, onStart }: { maxBytes: number; waiting: Waiting; onStart: () => void },
): Readable {
  let size = 0;
  const body = new Readable({
    read() {
      waiting.waitingSince = 0;
      request.resume();
    },
  });
  let hasStarted = false;
  const start = (): void => {
    if (hasStarted) return;
    hasStarted = true;
    onStart();
  };
  const pass = (chunk: Buffer): void => {
    start();
    size += chunk.length;
    if (size > maxBytes) {
      body.destroy(new AppError('PAYLOAD_TOO_LARGE', { details: { maximum_bytes: maxBytes } }));
    } else if (!body.push(chunk)) {
      waiting.waitingSince = performance.now();
      request.pause();
    }
  };
  request.on('data', pass);
  request.on('end', () => {
    start();
    waiting.waitingSince = performance.now();
    body.push(null);
  });
  request.on('close', () => {
    if (!request.complete) body.destroy(new Error('The client left'));
  });
  body.on('close', () => {
    request.off('data', pass);
    discardBody(request);
  });
  return body;
}
