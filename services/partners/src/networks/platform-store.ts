import type { Page, Sql, Tx } from '@punchcard/database';

/** The network of a name, made when there is none. */
export async function ensureNetwork(tx: Tx, { networkId, name, now }: { networkId: string; name: string; now: Date }) {
  const [network] = await tx<{ networkId: string }[]>`
    insert into networks (network_id, name, created_at)
    values (${networkId}, ${name}, ${now})
    on conflict (lower(name)) do update set name = networks.name
    returning network_id
  `;
  return network!.networkId;
}

/** Networks live as long as a partner is in them. Locked first, so that what comes in at the same time is seen, or waits. */
export async function dropIfEmpty(tx: Tx, networkId: string): Promise<void> {
  await tx`
    select 1
    from networks
    where network_id = ${networkId}
    for update
  `;
  await tx`
    update partners
    set network_id = null
    where network_id = ${networkId} and is_deleted
  `;
  await tx`
    delete from networks n
    where n.network_id = ${networkId}
      and not exists (select 1 from partners p where p.network_id = n.network_id)
  `;
}

/** Networks by name, with how many partners each has. */
export async function listNetworks(sql: Sql, page: Page) {
  const networks = await sql<{ networkId: string; name: string; partnersCount: number; createdAt: Date }[]>`
    select n.network_id, n.name, n.created_at,
      (select count(*) from partners p where p.network_id = n.network_id and not p.is_deleted) as partners_count
    from networks n
    order by lower(n.name), n.network_id
    limit ${page.limit}
    offset ${page.offset}
  `;
  const [counted] = await sql<{ total: number }[]>`
    select count(*) as total
    from networks
  `;
  return { networks, total: counted?.total ?? 0 };
}
