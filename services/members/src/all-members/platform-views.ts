import type { Page, Sql } from '@punchcard/database';
import { columns, matches, type MemberView, type Search } from '../members/views.ts';

/** What the admin role sees of a member. */
export interface AnyMember extends MemberView {
  partnerId: string;
}

/** Across partners: a member by its id. */
export async function findAnyMember(sql: Sql, memberId: string): Promise<AnyMember | undefined> {
  const [member] = await sql<AnyMember[]>`
    select partner_id, ${columns(sql)}
    from members
    where member_id = ${memberId} and state = 'active'
  `;
  return member;
}

interface Filter {
  partnerId: string | undefined;
  search: Search | null;
}

/** Across partners: members, newest first. */
export async function listAllMembers(sql: Sql, filter: Filter, page: Page) {
  const where = filtered(sql, filter);
  const members = await sql<AnyMember[]>`
    select partner_id, ${columns(sql)}
    from members
    where ${where}
    order by created_at desc, member_id desc
    limit ${page.limit}
    offset ${page.offset}
  `;
  const [counted] = await sql<{ total: number }[]>`
    select count(*) as total
    from members
    where ${where}
  `;
  return { members, total: counted?.total ?? 0 };
}

const filtered = (sql: Sql, { partnerId, search }: Filter) => sql`
  state = 'active'
  ${partnerId === undefined ? sql`` : sql`and partner_id = ${partnerId}`}
  ${search ? matches(sql, search) : sql``}
`;
