import type { Plan } from '@punchcard/contracts';
import type { Page, Sql, Tx } from '@punchcard/database';
import type { Partner } from './store.ts';

export interface PartnerView extends Partner {
  networkName: string | null;
  usage: Readonly<Record<string, number>>;
}

export interface PartnerFilter {
  partnerId?: string | undefined;
  search?: string | undefined;
  tier?: Plan | undefined;
  status?: string | undefined;
  networkId?: string | undefined;
}

/** Partners for the admin role, newest first, each with its network and with what it uses. */
export async function listPartners(sql: Sql | Tx, filter: PartnerFilter, page: Pick<Page, 'limit' | 'offset'>) {
  const where = filtered(sql, filter);
  const partners = await sql<PartnerView[]>`
    select p.partner_id, p.name, p.slug, p.email, p.phone, p.tier, p.status, p.limited, p.network_id, p.currency,
      p.time_zone, p.locale, p.gates, p.is_deleted, p.created_at, p.updated_at,
      n.name as network_name,
      (
        select coalesce(jsonb_object_agg(kind, count), '{}')
        from (
          select kind, count
          from usage_counts u
          where u.partner_id = p.partner_id
          union all
          select 'agent_keys', count(*)
          from agent_keys k
          where k.partner_id = p.partner_id and k.role = 'partner' and k.revoked_at is null
            and (k.expires_at is null or k.expires_at > now())
            and not exists (
              select 1
              from agent_keys n
              where n.partner_id = p.partner_id and n.role = 'partner' and n.key_id = k.rotated_to and n.revoked_at is null
                and (n.expires_at is null or n.expires_at > now())
            )
        ) counted
      ) as usage
    from partners p
    left join networks n using (network_id)
    where ${where}
    order by p.created_at desc, p.partner_id desc
    limit ${page.limit}
    offset ${page.offset}
  `;
  const [counted] = await sql<{ total: number }[]>`
    select count(*) as total
    from partners p
    where ${where}
  `;
  return { partners, total: counted?.total ?? 0 };
}

function filtered(sql: Sql | Tx, { partnerId, search, tier, status, networkId }: PartnerFilter) {
  const pattern = search === undefined ? null : `%${search.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
  return sql`
    not p.is_deleted
    and (${partnerId ?? null}::uuid is null or p.partner_id = ${partnerId ?? null})
    and (${pattern}::text is null or p.name ilike ${pattern} or p.slug ilike ${pattern} or p.email ilike ${pattern})
    and (${tier ?? null}::text is null or p.tier = ${tier ?? null})
    and (${status ?? null}::text is null or p.status = ${status ?? null})
    and (${networkId ?? null}::uuid is null or p.network_id = ${networkId ?? null})
  `;
}
