import { Readable } from 'node:stream';
import { AppError } from '@punchcard/contracts';
import type { Exchange } from '../requests/exchange.ts';
import type { Waiting } from './upstreams.ts';

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
 * Fails with PAYLOAD_TOO_LARGE past `maxBytes`.
 */
export function streamOf(
  { request }: Exchange,
  { maxBytes, waiting }: { maxBytes: number; waiting: Waiting },
): Readable {
  async function* chunks() {
    let size = 0;
    // The request must outlive a refusal: its connection carries the answer.
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      size += (chunk as Buffer).length;
      if (size > maxBytes) throw new AppError('PAYLOAD_TOO_LARGE', { details: { maximum_bytes: maxBytes } });
      waiting.waitingSince = performance.now();
      yield chunk as Buffer;
      waiting.waitingSince = 0;
    }
    waiting.waitingSince = performance.now();
  }
  return Readable.from(chunks(), { objectMode: false });
}
