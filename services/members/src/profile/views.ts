import type { Sql, Tx } from '@punchcard/database';

/** What a member sees of itself. */
export interface Profile {
  memberId: string;
  uniqueIdentifier: string;
  name: string | null;
  email: string | null;
  locale: string;
  avatar: string | null;
  isAnonymous: boolean;
  firstInteractionAt: Date | null;
  createdAt: Date;
}

export async function findProfile(sql: Sql | Tx, partnerId: string, memberId: string): Promise<Profile | undefined> {
  const [profile] = await sql<Profile[]>`
    select member_id, unique_identifier, name, email, locale, avatar, is_anonymous, first_interaction_at, created_at
    from members
    where partner_id = ${partnerId} and member_id = ${memberId} and state = 'active'
  `;
  return profile;
}
