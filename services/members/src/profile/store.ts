import type { Tx } from '@punchcard/database';
import type { Member } from '../members/store.ts';

interface Change {
  partnerId: string;
  memberId: string;
  change: { name?: string | undefined; locale?: string | undefined };
  now: Date;
}

/** Changes what is given. @returns what others are told of the member; undefined when there is none */
export async function changeProfile(tx: Tx, { partnerId, memberId, change: { name, locale }, now }: Change) {
  const [member] = await tx<
    Pick<Member, 'partnerId' | 'memberId' | 'email' | 'uniqueIdentifier' | 'memberNumber' | 'createdAt'>[]
  >`
    update members
    set name = coalesce(${name ?? null}, name), locale = coalesce(${locale ?? null}, locale), updated_at = ${now},
      is_anonymous = is_anonymous and ${name ?? null}::text is null
    where partner_id = ${partnerId} and member_id = ${memberId} and state = 'active'
    returning partner_id, member_id, email, unique_identifier, member_number, created_at
  `;
  return member;
}
