import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Endpoint, Streamed } from '@punchcard/contracts';

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
  if (endpoint.alsoProduces !== type) throw new Error(`${endpoint.id} does not declare ${type}`);
  const pieces = body[Symbol.asyncIterator]();
  let piece = await pieces.next();
  response.writeHead(endpoint.success, {
    'content-type': `${type}; charset=utf-8`,
    'content-disposition': `attachment; filename="${fileName}"`,
    vary: 'Accept',
    'x-request-id': requestId,
  });
  try {
    for (; piece.done !== true; piece = await pieces.next()) {
      if (response.destroyed) return { status: endpoint.success, isWhole: false };
      if (!response.write(piece.value)) await Promise.race([once(response, 'drain'), once(response, 'close')]);
    }
    response.end();
    return { status: endpoint.success, isWhole: true };
  } catch (error) {
    response.destroy();
    throw error;
  } finally {
    if (piece.done !== true) await pieces.return?.();
  }
}
