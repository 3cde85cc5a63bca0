import type { Answer, health } from '@punchcard/contracts';
import type { KeyUse } from '../keys/key-use.ts';
import type { KnownKey } from '../keys/known-key.ts';
import { version } from './version.ts';

export interface HealthOptions {
  areServicesReady: () => Promise<boolean>;
  keyUse: KeyUse;
}

/** The data of `GET /api/agent/v1/health`, the first call of an integration: is my key good, what may it do. */
export const createAgentHealth =
  ({ areServicesReady, keyUse }: HealthOptions) =>
  async ({ record }: KnownKey): Promise<Answer<typeof health>> => {
    const areReady = await areServicesReady();
    return {
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
  };
