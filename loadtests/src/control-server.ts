import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a script may ask of the runner, by name. */
export type Commands = Record<string, (order: never) => Promise<object>>;

async function orderOf(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text === '' ? {} : JSON.parse(text);
}

/**
 * Lets a k6 script order what k6 cannot do itself (hold a request open, kill a gateway): `POST /<command>` with a JSON body.
 * Listens on the loopback address alone.
 */
export async function serveCommands(commands: Commands): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const answer = (status: number, body: object) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    const command = commands[(request.url ?? '').slice(1)];
    if (!command) return answer(404, { error: 'No such command' });
    orderOf(request)
      .then((order) => command(order as never))
      .then(
        (body) => answer(200, body),
        (error: Error) => answer(500, { error: error.message }),
      );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
