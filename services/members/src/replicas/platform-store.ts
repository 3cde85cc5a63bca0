import type { Sql } from '@punchcard/database';
import type { PartnerCopy } from './store.ts';

/** Across partners: the one whose slug this is now. */
export async function findPartnerBySlug(sql: Sql, slug: string): Promise<PartnerCopy | undefined> {
  const [partner] = await sql<PartnerCopy[]>`
    select partner_id, name, slug, status, locale, time_zone, gates, is_deleted, sequence
    from partners
    where slug = ${slug} and not is_deleted
  `;
  return partner;
}

/** Across partners: those that were deleted and still have members to anonymise. */
export async function listLeftBehind(sql: Sql): Promise<string[]> {
  const partners = await sql<{ partnerId: string }[]>`
    select p.partner_id
    from partners p
    where p.is_deleted
      and exists (select 1 from members m where m.partner_id = p.partner_id and m.state = 'active')
  `;
  return partners.map(({ partnerId }) => partnerId);
}
