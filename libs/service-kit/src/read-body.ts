import { isUtf8 } from 'node:buffer';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { AppError, Decimal, parseJson } from '@punchcard/contracts';

export const DEFAULT_MAX_BODY_BYTES = 2 ** 20;

/** The client left before its request was whole: there is nobody to answer. */
export class ClientGone extends Error {
  override readonly name = 'ClientGone';
}

const JSON_TYPE = /^application\/json[ \t]*(?:;|$)/i;
const CHARSET = /;[ \t]*charset[ \t]*=[ \t]*"?([^";]*)/i;

const tooLarge = (maximum: number) => new AppError('PAYLOAD_TOO_LARGE', { details: { maximum_bytes: maximum } });

export const hasBody = (headers: IncomingHttpHeaders): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

/** Checks what the headers tell of a body: its type, then its size. Throws UNSUPPORTED_MEDIA_TYPE, PAYLOAD_TOO_LARGE. */
export function checkMedia(headers: IncomingHttpHeaders, maximum: number): void {
  if (!hasBody(headers)) return;
  const type = headers['content-type'] ?? '';
  const charset = CHARSET.exec(type)?.[1]?.trim().toLowerCase() ?? 'utf-8';
  const encoding = headers['content-encoding'] ?? 'identity';
  if (!JSON_TYPE.test(type) || charset !== 'utf-8' || encoding !== 'identity') {
    const received = encoding === 'identity' ? type : encoding;
    throw new AppError('UNSUPPORTED_MEDIA_TYPE', { details: { received: received || null } });
  }
  if (Number(headers['content-length'] ?? 0) > maximum) throw tooLarge(maximum);
}

/**
 * Reads a body, never keeping more than `maximum` bytes.
 * @throws AppError PAYLOAD_TOO_LARGE; the rest is then read and forgotten, so that the client gets to see the answer
 */
export function readBody(request: IncomingMessage, maximum: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const onData = (chunk: Buffer) => {
      size += chunk.length;
      if (size <= maximum) return void chunks.push(chunk);
      chunks.length = 0;
      request.off('data', onData).resume();
      reject(tooLarge(maximum));
    };
    // Both 'end' and 'close' come for a whole body; an error is made only when it is told to somebody.
    const onEnd = () => {
      request.off('error', onGone).off('close', onGone);
      resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks));
    };
    const onGone = () => reject(new ClientGone());
    request.on('data', onData).once('end', onEnd).once('error', onGone).once('close', onGone);
  });
}

/**
 * Reads a JSON object of strict UTF-8. No body is an empty one: what is missing is then named field by field.
 * @throws AppError MALFORMED_JSON with `position` when it is known
 */
export function parseBody(bytes: Buffer): Record<string, unknown> {
  if (bytes.length === 0) return {};
  if (!isUtf8(bytes)) throw malformed({});
  const text = bytes.toString();
  const value = parsed(text);
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Decimal);
  if (!isObject) throw malformed({ position: 0 });
  return value as Record<string, unknown>;
}

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch (cause) {
    // Besides a SyntaxError: a RangeError, when it is nested beyond the stack.
    throw malformed(positionOf(cause, text), cause);
  }
}

const malformed = (details: { position?: number }, cause?: unknown) =>
  new AppError('MALFORMED_JSON', { details, cause });

/** V8 tells the position in its message, if it tells it. */
function positionOf(cause: unknown, text: string): { position?: number } {
  const message = cause instanceof Error ? cause.message : '';
  const position = /at position (\d+)/.exec(message)?.[1];
  if (position !== undefined) return { position: Number(position) };
  return message.startsWith('Unexpected end') ? { position: text.length } : {};
}
