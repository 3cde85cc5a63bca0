import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Endpoint, Streamed } from '@punchcard/contracts';

type Pieces = AsyncIterator<string | Uint8Array>;

export const isStreamed = (result: unknown): result is Streamed =>
  typeof result === 'object' && result !== null && 'kind' in result && result.kind === 'stream' && 'body' in result;

/**
 * Sends a body piece by piece, as fast as the client takes it. Nothing is sent before the first piece is there, so what fails
 * until then is answered as a refusal; later only a broken connection tells the client that the rest is missing.
 * @returns the status, and whether all of it was sent
 */
export async function sendStream(
  response: ServerResponse,
  endpoint: Endpoint,
  { answer: { type, fileName, body }, requestId }: { answer: Streamed; requestId: string },
): Promise<{ status: number; isWhole: boolean }> {
  const { id, alsoProduces, success: status } = endpoint;
  if (alsoProduces !== type) throw new Error(`${id} does not declare ${type}`);
  const pieces = body[Symbol.asyncIterator]();
  const first = await pieces.next();
  if (response.destroyed) {
    await pieces.return?.();
    return { status, isWhole: false };
  }
  response.writeHead(status, {
    'content-type': `${type}; charset=utf-8`,
    'content-disposition': `attachment; filename="${fileName}"`,
    vary: 'Accept',
    'x-request-id': requestId,
  });
  try {
    await pipeline(Readable.from(after(first, pieces), { highWaterMark: 1 }), response);
    return { status, isWhole: true };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
    return { status, isWhole: false };
  }
}

/** All pieces, of which one was taken already. Who stops half way ends those who make them. */
async function* after(first: IteratorResult<string | Uint8Array>, pieces: Pieces): AsyncGenerator<string | Uint8Array> {
  let piece = first;
  try {
    for (; piece.done !== true; piece = await pieces.next()) yield piece.value;
  } finally {
    if (piece.done !== true) await pieces.return?.();
  }
}
