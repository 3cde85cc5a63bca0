import type { IncomingMessage } from 'node:http';

/** More than this of a body that nobody wants is not read to its end. */
const MAX_UNREAD_BYTES = 16 * 2 ** 20;

/** Reads on and forgets, so that a client that is still sending gets to see its answer, and its connection can go on. */
export function discardBody(request: IncomingMessage): void {
  if (request.complete || request.destroyed) return;
  let left = MAX_UNREAD_BYTES;
  request.on('data', ({ length }: Buffer) => {
    left -= length;
    if (left < 0) request.destroy();
  });
  request.resume();
}
