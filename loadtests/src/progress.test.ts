import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { follow, lineOf } from './progress.ts';

describe('lineOf', () => {
  it('tells the rate since the line before', () => {
    const before = { seconds: 10, calls: 1_000, callers: 5 };

    expect(lineOf({ seconds: 20.2, calls: 4_060, callers: 30 }, before)).toBe(
      '  20 s: 4,060 calls, 300 a second, 30 callers',
    );
  });
});

describe('follow', () => {
  let server: Server | undefined;
  afterEach(() => void server?.close());

  it('ends with the script, whatever its door says', async () => {
    server = createServer((_request, response) => response.end('starting')).listen(0, '127.0.0.1');
    await new Promise((resolve) => server!.once('listening', resolve));
    const { port } = server.address() as AddressInfo;

    const seen = await follow(`http://127.0.0.1:${port}`, Promise.reject(new Error('no k6')), () => {});

    expect(seen).toEqual([{ seconds: 0, calls: 0, callers: 0 }]);
  });
});
