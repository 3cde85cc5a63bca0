import { readFileSync } from 'node:fs';
import type { Answer, health } from '@punchcard/contracts';
import type { KeyUse } from '../keys/key-use.ts';
import { answerData } from '../requests/answer.ts';
import type { Exchange } from '../requests/exchange.ts';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

export interface HealthOptions {
  areServicesReady: () => Promise<boolean>;
  keyUse: KeyUse;
}

/** `GET /api/agent/v1/health`: the first call of an integration. Is my key good, what may it do. */
export const createAgentHealth =
  ({ areServicesReady, keyUse }: HealthOptions) =>
  async (exchange: Exchange): Promise<void> => {
    const { record } = exchange.known!;
    const areReady = await areServicesReady();
    const data: Answer<typeof health> = {
      status: areReady ? 'ok' : 'degraded',
      key: {
        name: record.name,
        prefix: record.prefix,
        role: record.role,
        scopes: record.scopes,
        rate_limit: record.rate_limit,
        expires_at: record.expires_at,
        created_at: record.created_at,
        last_used_at: keyUse.lastUsedAt(record.key_id) ?? record.last_used_at,
      },
      owner: record.owner,
      server_time: new Date().toISOString(),
      version,
    };
    if (!exchange.isClosed) answerData(exchange, data);
  };
