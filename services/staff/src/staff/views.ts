import { notFound } from '@punchcard/contracts';
import { containing, type Db, type Page, type Sql } from '@punchcard/database';
import type { StaffKey, StaffMember } from './store.ts';

export interface StaffView extends StaffMember {
  clubName: string;
  numberOfTimesLoggedIn: number;
  lastLoginAt: Date | null;
}

export interface StaffFilter {
  partnerId: string;
  /** One of their shops. */
  clubId?: string | undefined;
  isActive?: boolean | undefined;
  /** Part of the name or the e-mail. */
  search?: string | undefined;
}

/** A staff member as they are shown, or 404. */
export async function getStaffView(sql: Db, { partnerId, staffId }: StaffKey): Promise<StaffView> {
  const [member] = await sql<StaffView[]>`
    ${shown(sql)}
    where s.partner_id = ${partnerId} and s.staff_id = ${staffId}
  `;
  if (!member) throw notFound('staff_member', staffId);
  return member;
}

/** Staff, newest first. */
export async function listStaff(sql: Sql, filter: StaffFilter, { limit, offset }: Page) {
  const where = filtered(sql, filter);
  const [members, counted] = await Promise.all([
    sql<StaffView[]>`
      ${shown(sql)}
      where s.partner_id = ${filter.partnerId} and ${where}
      order by s.created_at desc, s.staff_id desc
      limit ${limit}
      offset ${offset}
    `,
    sql<{ total: number }[]>`
      select count(*) as total
      from staff s
      where s.partner_id = ${filter.partnerId} and ${where}
    `,
  ]);
  return { members, total: counted[0]!.total };
}

const filtered = (sql: Sql, { clubId, isActive, search }: StaffFilter) => sql`
  true
  ${clubId === undefined ? sql`` : servesAt(sql, clubId)}
  ${isActive === undefined ? sql`` : sql`and s.is_active = ${isActive}`}
  ${search === undefined ? sql`` : sql`and s.search_key like ${containing(search)}`}
`;

const servesAt = (sql: Sql, clubId: string) => sql`
  and exists (
    select 1
    from staff_shops shop
    where shop.partner_id = s.partner_id and shop.staff_id = s.staff_id and shop.club_id = ${clubId}
  )
`;

/** Until a copy that is built anew has come to a club, its name is empty. */
const shown = (sql: Db) => sql`
  select s.partner_id, s.staff_id, first.club_id, coalesce(c.name, '') as club_name, s.name, s.email, s.locale, s.time_zone,
    s.avatar, s.is_active, s.number_of_times_logged_in, s.last_login_at, s.created_at, s.updated_at
  from staff s
  join staff_shops first on first.partner_id = s.partner_id and first.staff_id = s.staff_id and first.position = 0
  left join clubs c on c.partner_id = s.partner_id and c.club_id = first.club_id
`;
