import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort } from '@punchcard/testing';
import { givenAgentKey } from './given.ts';
import { givenGateway, givenHouse, type House } from './given-house.ts';
import { call } from './http.ts';

const clubs = '/api/agent/v1/partner/clubs';
/** In the proportions of 20 and 25 s; everything below is older than that. */
const keyAges = { refresh: 400, fresh: 500 };
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const stale = () => pause(600);

let house: House;
let line: Awaited<ReturnType<typeof givenLine>>;
let gateway: Awaited<ReturnType<typeof givenGateway>>;
beforeAll(async () => {
  house = await givenHouse();
  line = await givenLine(Number(new URL(house.partners.url).port));
  gateway = await givenGateway({ partnersUrl: line.url, serviceUrl: house.service.url, keyAges });
});
afterAll(async () => {
  await gateway.stop();
  await line.close();
  await house.stop();
});
afterEach(() => line.repair());

/** The line between the gateway and `partners`: it can be cut, or swallow what is said. */
async function givenLine(to: number) {
  let isSilent = false;
  const sockets = new Set<Socket>();
  const open = (port: number): Promise<Server> =>
    new Promise((resolve) => {
      const server = createServer((near) => {
        const far = connect(to, '127.0.0.1');
        for (const socket of [near, far]) {
          sockets.add(socket);
          socket.on('error', () => {}).on('close', () => [near, far].forEach((one) => one.destroy()));
        }
        near.on('data', (chunk) => !isSilent && far.write(chunk));
        far.on('data', (chunk) => !isSilent && near.write(chunk));
      });
      server.listen(port, '127.0.0.1', () => resolve(server));
    });
  const hangUp = () => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };
  // One that nobody else takes while it is cut.
  const port = await freePort();
  let server: Server | null = await open(port);
  const cut = (): void => {
    server?.close();
    server = null;
    hangUp();
  };
  return {
    url: `http://127.0.0.1:${port}`,
    cut,
    silence: () => void (isSilent = true),
    repair: async () => {
      if (isSilent) hangUp();
      isSilent = false;
      server ??= await open(port);
    },
    close: () => cut(),
  };
}

/** How long this process stood still: no gateway can answer then. */
const stoodStillMs = (() => {
  let ms = 0;
  let before = performance.now();
  const look = () => {
    const late = performance.now() - before - 10;
    if (late > 100) ms += late;
    before = performance.now();
    return ms;
  };
  setInterval(look, 10).unref();
  return look;
})();

async function timed(headers: Record<string, string>): Promise<{ status: number; ms: number }> {
  const from = performance.now() - stoodStillMs();
  const { status } = await call(gateway.url, clubs, { headers });
  return { status, ms: performance.now() - stoodStillMs() - from };
}

describe.each([
  ['takes connections and never answers', () => line.silence()],
  ['refuses connections', () => line.cut()],
])('while partners %s', (_name, breakLine) => {
  it('known keys are served within a moment, however many and for how long', async () => {
    const all = Array.from({ length: 40 }, () => house.headersOf(givenAgentKey()));
    for (const headers of all) expect((await timed(headers)).status).toBe(200);
    breakLine();
    await stale();

    const until = performance.now() + 5_000;
    const first = await Promise.all(all.map(timed));
    const later: typeof first = [];
    while (performance.now() < until) {
      await pause(10);
      later.push(await timed(all[later.length % 2]!));
    }

    for (const { status, ms } of [...first, ...later]) {
      expect(status).toBe(200);
      expect(ms).toBeLessThan(1_500);
    }
    // Nobody waits for a partners that was away a moment ago: with a quarter of a second for each it would be 20.
    expect(later.length).toBeGreaterThan(40);
  });

  it('they are as partners knows them soon after it is back', async () => {
    const given = givenAgentKey();
    const headers = house.headersOf(given);
    expect((await timed(headers)).status).toBe(200);
    breakLine();
    await stale();
    expect((await timed(headers)).status).toBe(200);
    house.partners.keys.set(given.hash, { ...given.record, revoked_at: new Date().toISOString() });

    await line.repair();

    const until = performance.now() + 15_000;
    let status = 200;
    while (status === 200 && performance.now() < until) {
      await pause(20);
      ({ status } = await timed(headers));
    }
    expect(status).toBe(401);
  });
});
