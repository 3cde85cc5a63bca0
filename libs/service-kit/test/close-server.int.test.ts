import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { expect, it } from '@jest/globals';
import { closerOf } from '../src/close-server.ts';

it('ends connections on which nothing ever came, and answers what is under way first', async () => {
  const waiting: ServerResponse[] = [];
  const server = createServer((_request, response) => void waiting.push(response));
  const close = closerOf(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const silent = connect(port, '127.0.0.1');
  const asked = fetch(`http://127.0.0.1:${port}/`);
  await Promise.all([once(silent, 'connect'), once(server, 'request')]);

  const closing = close();
  await once(silent, 'close');
  waiting[0]!.end('answered');

  expect(await (await asked).text()).toBe('answered');
  await closing;
  await close();
});
