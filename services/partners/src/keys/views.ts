import type { KeyRole } from '@punchcard/contracts';
import type { Page, Sql } from '@punchcard/database';
import type { KeyStatus } from './rules.ts';
import type { AgentKey } from './store.ts';

interface Filter {
  partnerId: string;
  role: KeyRole;
  /** Whose keys; default: all of the role. */
  memberId?: string | undefined;
  status?: KeyStatus | undefined;
  now: Date;
  /** Keys revoked before this are not shown any more. */
  revokedSince: Date;
}

/** A partner's keys of a role, or a member's, newest first. */
export async function listKeys(sql: Sql, filter: Filter, page: Page) {
  const where = filtered(sql, filter);
  const keys = await sql<AgentKey[]>`
    select partner_id, key_id, role, member_id, name, prefix, hash, scopes, rate_limit, expires_at, revoked_at, rotated_to,
      last_used_at, created_at
    from agent_keys
    where partner_id = ${filter.partnerId} and ${where}
    order by created_at desc, key_id desc
    limit ${page.limit}
    offset ${page.offset}
  `;
  const [counted] = await sql<{ total: number }[]>`
    select count(*) as total
    from agent_keys
    where partner_id = ${filter.partnerId} and ${where}
  `;
  return { keys, total: counted?.total ?? 0 };
}

const filtered = (sql: Sql, { role, memberId, status, now, revokedSince }: Filter) => sql`
  role = ${role}
  ${memberId === undefined ? sql`` : sql`and member_id = ${memberId}`}
  and (revoked_at is null or revoked_at > ${revokedSince})
  and (${status ?? null}::text is null or ${status ?? null} = case
    when revoked_at is not null then 'revoked'
    when expires_at <= ${now} then 'expired'
    when rotated_to is not null then 'expiring'
    else 'active'
  end)
`;
