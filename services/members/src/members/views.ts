import type { IdentifierKind } from '@punchcard/contracts';
import type { Page, Sql } from '@punchcard/database';

/** What partners see of a member. */
export interface MemberView {
  memberId: string;
  uniqueIdentifier: string;
  name: string | null;
  email: string | null;
  locale: string;
  timeZone: string;
  lastLoginAt: Date | null;
  avatar: string | null;
  isAnonymous: boolean;
  createdAt: Date;
  updatedAt: Date;
}

export interface Search {
  /** Part of the name. */
  part: string;
  /** The whole e-mail, unique identifier or member number. */
  email: string;
  uniqueIdentifier: string;
  memberNumber: string;
}

export async function findMember(sql: Sql, partnerId: string, memberId: string): Promise<MemberView | undefined> {
  const [member] = await sql<MemberView[]>`
    select ${columns(sql)}
    from members
    where partner_id = ${partnerId} and member_id = ${memberId} and state = 'active'
  `;
  return member;
}

/** Members that an identifier of one kind finds; more than one only for member numbers, which a partner may give twice. */
export async function findByIdentifier(
  sql: Sql,
  partnerId: string,
  { kind, value }: { kind: 'id' | IdentifierKind; value: string },
): Promise<MemberView[]> {
  const column = {
    id: sql`member_id = ${value}`,
    email: sql`lower(email) = ${value}`,
    unique_identifier: sql`unique_identifier = ${value}`,
    member_number: sql`member_number = ${value}`,
  }[kind];
  return sql<MemberView[]>`
    select ${columns(sql)}
    from members
    where partner_id = ${partnerId} and state = 'active' and ${column}
    limit 2
  `;
}

/** Members of a partner, newest first. */
export async function listMembers(
  sql: Sql,
  { partnerId, search }: { partnerId: string; search: Search | null },
  page: Page,
) {
  const searched = search ? matches(sql, search) : sql``;
  const members = await sql<MemberView[]>`
    select ${columns(sql)}
    from members
    where partner_id = ${partnerId} and state = 'active' ${searched}
    order by created_at desc, member_id desc
    limit ${page.limit}
    offset ${page.offset}
  `;
  const [counted] = await sql<{ total: number }[]>`
    select count(*) as total
    from members
    where partner_id = ${partnerId} and state = 'active' ${searched}
  `;
  return { members, total: counted?.total ?? 0 };
}

/** What a search finds: a part of the name, or a whole identifier. */
export const matches = (sql: Sql, { part, email, uniqueIdentifier, memberNumber }: Search) => sql`
  and (
    name ilike ${`%${part.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`}
    or lower(email) = ${email}
    or unique_identifier = ${uniqueIdentifier}
    or member_number = ${memberNumber}
  )
`;

/** The columns of a `MemberView`. */
export const columns = (sql: Sql) => sql`
  member_id, unique_identifier, name, email, locale, time_zone, last_login_at, avatar, is_anonymous, created_at, updated_at
`;
