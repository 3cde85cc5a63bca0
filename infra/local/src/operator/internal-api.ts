import type { ServiceName } from '@punchcard/contracts';
import { createInternalClient, env as variables } from '@punchcard/service-kit';
import type { InternalClient } from '@punchcard/service-kit';
import type { CommonOptions } from '../commands/options.ts';
import { needed, operatorEnvironment } from './environment.ts';

/**
 * Runs `work` with a client of a service's own endpoints, and closes that. It needs no admin key, but the secrets of the
 * deployment and the service's address: `LEDGER_URL`, `CALLER_SECRETS`.
 */
export const withService = async <T>(
  service: ServiceName,
  options: CommonOptions,
  work: (client: InternalClient) => Promise<T>,
): Promise<T> => {
  const env = operatorEnvironment('gateway', options);
  const client = createInternalClient({
    baseUrls: { [service]: needed(env, `${service.toUpperCase()}_URL`) },
    callerSecrets: variables.callerSecrets.parse(needed(env, 'CALLER_SECRETS')),
    self: 'gateway',
    timeoutMs: 10_000,
  });
  try {
    return await work(client);
  } finally {
    await client.close();
  }
};
