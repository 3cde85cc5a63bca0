import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { planLimits } from '@punchcard/contracts';
import { serveCommands } from '../control-server.ts';
import { ownGateway, type OwnGateway } from '../gateways.ts';
import type { Run } from '../run-scenario.ts';
import { holdOpen, type Ending, type Held } from '../slow-clients.ts';

interface HoldOrder {
  url: string;
  key: string;
  count: number;
}

/** Every command works on the requests that are held open now. */
function slowClients() {
  const held: Held[] = [];
  return {
    hold: async ({ url, key, count }: HoldOrder) => {
      const all = await Promise.all(Array.from({ length: count }, () => holdOpen(url, key)));
      held.push(...all.filter(({ isAdmitted }) => isAdmitted));
      const refused = all.filter(({ isAdmitted }) => !isAdmitted);
      return {
        admitted: count - refused.length,
        refused: refused.map(({ status, code, ms }) => ({ status, code, ms })),
        slowest_ms: Math.max(...all.map(({ ms }) => ms)),
      };
    },
    end: async ({ how, count = Infinity }: { how: Ending; count?: number }) => {
      const ending = held.splice(0, Math.min(count, held.length));
      const statuses = await Promise.all(ending.map((one) => one.end(how)));
      return { ended: ending.length, statuses: [...new Set(statuses)] };
    },
  };
}

/** A service that takes every request and never answers. */
async function silentService(): Promise<{ url: string; close(): void }> {
  const server = createServer((socket) => socket.on('error', () => undefined).resume()).unref();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => void server.close() };
}

/** A second gateway whose ledger never answers: its requests time out, and it may be killed. */
async function victimGateway({ target, out, say, atEnd }: Run): Promise<OwnGateway | undefined> {
  if (!target.stack) {
    say('  the steps "service that does not answer" and "gateway killed" need a stack on this machine: left out');
    return undefined;
  }
  const silent = await silentService();
  const env = {
    GATEWAY_TRUSTED_PROXIES: '127.0.0.0/8',
    GATEWAY_UPSTREAM_TIMEOUT_MS: '2000',
    LEDGER_URL: silent.url,
  };
  const gateway = await ownGateway(target.stack, { out, env });
  atEnd(async () => {
    await gateway.kill('SIGKILL');
    silent.close();
  });
  await gateway.start();
  say(`  second gateway, same Redis, with a ledger that never answers: ${gateway.url}`);
  return gateway;
}

/** As many requests at once as the plan allows, and how their slots come back. */
export async function concurrency(run: Run): Promise<number> {
  const { options, target, house, atEnd } = run;
  const clients = slowClients();
  const victim = await victimGateway(run);
  const control = await serveCommands({
    ...clients,
    kill: async () => (await victim?.kill('SIGKILL'), { killed: victim !== undefined }),
    restart: async () => (await victim?.start(), {}),
  });
  atEnd(() => control.close());
  atEnd(async () => void (await clients.end({ how: 'abort' })));
  const cases = [];
  for (const tier of options.tiers) {
    const { agentKeys, pairs } = await house.partner({ tier, agentKeys: 3, pairs: 1 });
    cases.push({ tier, limit: planLimits[tier].requestsAtOnce, agentKeys, pairs });
  }
  const { code } = await run.k6('concurrency', {
    cases,
    baseUrl: target.baseUrl,
    secondUrl: target.secondUrl ?? victim?.url ?? null,
    victimUrl: victim?.url ?? null,
    control: control.url,
  });
  return code;
}
