import type { CallerPartner, KeyRole } from '@punchcard/contracts';
import type { Sql } from '@punchcard/database';
import type { KeyLife } from '../keys/rules.ts';

/** The partner behind a key, as gateways need it. */
interface PartnerColumns {
  partnerId: string;
  partnerName: string | null;
  slug: string;
  tier: CallerPartner['plan'];
  status: 'active' | 'pending' | 'suspended';
  limited: boolean;
  currency: string;
  timeZone: string;
  locale: string;
  gates: CallerPartner['gates'];
  isDeleted: boolean;
}

interface KeyColumns extends Omit<KeyLife, 'rotatedTo'> {
  keyId: string;
  name: string;
  prefix: string;
  rateLimit: number;
  lastUsedAt: Date | null;
  createdAt: Date;
}

export interface AgentKeyRow extends PartnerColumns, KeyColumns {
  role: KeyRole;
  memberId: string | null;
  scopes: string[];
}

export interface ApiKeyRow extends PartnerColumns, KeyColumns {
  secretHash: string;
  previousSecretHash: string | null;
  previousSecretExpiresAt: Date | null;
  permissions: string[];
  shopIds: string[] | null;
  allowedIps: string[];
}

/** Across partners: the key whose text has this HMAC. `partnerName` is null for admin keys, which have no partner. */
export async function findAgentKey(sql: Sql, hash: string): Promise<AgentKeyRow | undefined> {
  const [key] = await sql<AgentKeyRow[]>`
    select k.key_id, k.role, k.member_id, k.name, k.prefix, k.scopes, k.rate_limit, k.expires_at, k.revoked_at,
      k.last_used_at, k.created_at, k.partner_id, ${partnerColumns(sql)}
    from agent_keys k
    left join partners p using (partner_id)
    where k.hash = ${hash}
  `;
  return key;
}

/** Across partners: the key pair whose public half has this HMAC. */
export async function findApiKey(sql: Sql, hash: string): Promise<ApiKeyRow | undefined> {
  const [key] = await sql<ApiKeyRow[]>`
    select k.key_id, k.name, k.prefix, k.secret_hash, k.previous_secret_hash, k.previous_secret_expires_at, k.permissions,
      k.shop_ids, k.allowed_ips, k.rate_limit, k.expires_at, k.revoked_at, k.last_used_at, k.created_at, k.partner_id,
      ${partnerColumns(sql)}
    from api_keys k
    join partners p using (partner_id)
    where k.key_hash = ${hash}
  `;
  return key;
}

const partnerColumns = (sql: Sql) => sql`
  p.name as partner_name, p.slug, p.tier, p.status, p.limited, p.currency, p.time_zone, p.locale, p.gates, p.is_deleted
`;
