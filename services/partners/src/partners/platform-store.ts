import type { Sql, Tx } from '@punchcard/database';

/** Across partners: whose slug this is, also a deleted one's. */
export async function findBySlug(tx: Tx | Sql, slug: string): Promise<{ partnerId: string } | undefined> {
  const [partner] = await tx<{ partnerId: string }[]>`
    select partner_id
    from partners
    where slug = ${slug}
  `;
  return partner;
}
