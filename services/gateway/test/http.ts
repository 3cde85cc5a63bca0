import { randomInt } from 'node:crypto';
import { request as send } from 'node:http';
import { connect } from 'node:net';

export interface Sending {
  method?: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
}

export interface Received {
  status: number;
  headers: Record<string, string>;
  text: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- assertions look into it
  body: any;
}

/** An address of its own for a test case. */
export const someAddress = (): string => `10.${randomInt(256)}.${randomInt(256)}.${randomInt(256)}`;

/** One request over node:http, which sends paths and headers as they are. */
export function call(
  base: string,
  path: string,
  { method = 'GET', headers = {}, body }: Sending = {},
): Promise<Received> {
  return new Promise((resolve, reject) => {
    const { port } = new URL(base);
    const length =
      body === undefined || headers['transfer-encoding'] ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const type = body === undefined ? {} : { 'content-type': 'application/json' };
    const request = send({ port, path, method, headers: { ...type, ...length, ...headers } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const json = response.headers['content-type']?.includes('json') && text !== '' ? JSON.parse(text) : undefined;
        resolve({
          status: response.statusCode!,
          headers: response.headers as Record<string, string>,
          text,
          body: json,
        });
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** Bytes as they are; what came back until a whole answer had come, the connection closed or 10 s passed. */
export function raw(port: number, text: string): Promise<string> {
  return new Promise((resolve) => {
    let received = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(text, 'latin1'));
    const timer = setTimeout(() => socket.destroy(), 10_000);
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
      if (isWhole(received)) socket.destroy();
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      clearTimeout(timer);
      resolve(received);
    });
  });
}

const isWhole = (received: string): boolean => {
  const [head = '', body] = received.split(/\r\n\r\n(.*)/s);
  const length = /^content-length: (\d+)$/im.exec(head)?.[1];
  return body !== undefined && length !== undefined && body.length >= Number(length);
};
