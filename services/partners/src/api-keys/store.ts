import type { Permission } from '@punchcard/contracts';
import type { Tx } from '@punchcard/database';

export interface ApiKeyPair {
  partnerId: string;
  keyId: string;
  name: string;
  prefix: string;
  keyHash: string;
  secretHash: string;
  permissions: Permission[];
  shopIds: string[] | null;
  allowedIps: string[];
  rateLimit: number;
  expiresAt: Date | null;
  createdAt: Date;
}

export async function insertPair(tx: Tx, pair: ApiKeyPair): Promise<void> {
  await tx`insert into api_keys ${tx({ ...pair })}`;
}

/** Ends a partner's key pairs. The gateways hear of it by the partner's event. */
export async function revokeAllPairs(tx: Tx, partnerId: string, now: Date): Promise<void> {
  await tx`
    update api_keys
    set revoked_at = ${now}
    where partner_id = ${partnerId} and revoked_at is null
  `;
}
