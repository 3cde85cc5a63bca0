import { containing, type Page, type Sql } from '@punchcard/database';
import type { Club } from './store.ts';

export interface ClubFilter {
  partnerId: string;
  search?: string | undefined;
  isActive?: boolean | undefined;
}

/** Clubs that are not archived, newest first. */
export async function listClubs(sql: Sql, { partnerId, search, isActive }: ClubFilter, { limit, offset }: Page) {
  const filter = sql`
    status <> 'archived'
    ${search === undefined ? sql`` : sql`and name_key like ${containing(search)}`}
    ${isActive === undefined ? sql`` : sql`and (status = 'active') = ${isActive}`}
  `;
  const [clubs, counted] = await Promise.all([
    sql<Club[]>`
      select partner_id, club_id, name, description, status, created_at, updated_at
      from clubs
      where partner_id = ${partnerId} and ${filter}
      order by created_at desc, club_id desc
      limit ${limit}
      offset ${offset}
    `,
    sql<{ total: number }[]>`
      select count(*) as total
      from clubs
      where partner_id = ${partnerId} and ${filter}
    `,
  ]);
  return { clubs, total: counted[0]!.total };
}
