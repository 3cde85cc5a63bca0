import type { Sql } from '@punchcard/database';

/** Across partners: whose member this is, from our copy. */
export async function findMember(
  sql: Sql,
  memberId: string,
): Promise<{ partnerId: string; memberId: string } | undefined> {
  const [member] = await sql<{ partnerId: string; memberId: string }[]>`
    select partner_id, thing_id as member_id
    from things
    where kind = 'members' and thing_id = ${memberId} and not is_gone
  `;
  return member;
}
