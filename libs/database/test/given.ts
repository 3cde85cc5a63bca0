import net from 'node:net';

/** A network between us and PostgreSQL that can be slow, counted and cut. */
export interface Network {
  url: string;
  /** Round trips until now: how often something was sent after an answer had come. */
  roundTrips(): number;
  /** Ends every connection, orderly or with a reset, like a server that was killed. */
  cut(how: 'close' | 'reset'): void;
  close(): Promise<void>;
}

/**
 * Answers are held back until nothing came for `delayMs`, so what is sent without waiting for them is sent before them: each
 * time that something comes after answers have been let through is one more round trip.
 */
export async function givenNetwork(serverUrl: string, delayMs = 0, port = 0): Promise<Network> {
  const target = new URL(serverUrl);
  const sockets = new Set<net.Socket>();
  let trips = 0;

  const server = net.createServer((client) => {
    const upstream = net.connect(Number(target.port), target.hostname);
    const held: Buffer[] = [];
    let isAnswered = true;
    let sentAt = 0;
    client.on('data', (bytes) => {
      sentAt = performance.now();
      if (isAnswered) trips += 1;
      isAnswered = false;
      upstream.write(bytes);
    });
    const pass = () => {
      if (performance.now() - sentAt < delayMs) return wait();
      isAnswered = true;
      const bytes = Buffer.concat(held.splice(0));
      if (!client.destroyed) client.write(bytes);
    };
    // After a pause of this process what was sent meanwhile is read first.
    const wait = () => void setTimeout(() => setImmediate(pass), delayMs);
    upstream.on('data', (bytes) => {
      if (held.push(bytes) > 1) return;
      if (delayMs > 0) wait();
      else pass();
    });
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));

  const cut = (how: 'close' | 'reset') => {
    for (const socket of sockets) {
      if (how === 'reset') socket.resetAndDestroy();
      else socket.destroy();
    }
  };
  const url = new URL(serverUrl);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as net.AddressInfo).port);
  return {
    url: url.href,
    roundTrips: () => trips,
    cut,
    close: async () => {
      cut('close');
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
