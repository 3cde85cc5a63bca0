import type { Tx } from '@punchcard/database';

export interface Member {
  partnerId: string;
  memberId: string;
  uniqueIdentifier: string;
  name: string | null;
  email: string | null;
  memberNumber: string | null;
  phone: string | null;
  birthday: string | null;
  avatar: string | null;
  locale: string;
  timeZone: string;
  isAnonymous: boolean;
  acceptedTermsAt: Date | null;
  communicationPreferences: Readonly<Record<string, { allowed: boolean; at: string; source: string }>>;
  beginCardId: string | null;
  joinKeyId: string | null;
  lastLoginAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
}

/** Inserts members whose ids, e-mails and unique identifiers are free. @returns the ids of those that were inserted */
export async function insertMembers(tx: Tx, members: readonly Member[]): Promise<Set<string>> {
  const rows = members.map(({ communicationPreferences, ...member }) => ({
    ...member,
    communicationPreferences: tx.json(communicationPreferences),
  }));
  const inserted = await tx<{ memberId: string }[]>`
    insert into members ${tx(rows)}
    on conflict do nothing
    returning member_id
  `;
  return new Set(inserted.map(({ memberId }) => memberId));
}

/** Which of these ids and e-mails (in lower case) are taken in the partner. */
export async function findTaken(
  tx: Tx,
  { partnerId, ids, emails }: { partnerId: string; ids: readonly string[]; emails: readonly string[] },
): Promise<{ memberId: string; email: string | null }[]> {
  return tx<{ memberId: string; email: string | null }[]>`
    select member_id, lower(email) as email
    from members
    where partner_id = ${partnerId}
      and (member_id = any(${ids as string[]}::uuid[]) or lower(email) = any(${emails as string[]}::text[]))
  `;
}

/** Members of a partner; the sum stays true until the commit, since one registration with a limit runs at a time. */
export async function countUnderLock(tx: Tx, partnerId: string): Promise<number> {
  await tx`
    select pg_advisory_xact_lock(hashtextextended(partner_id::text, 0))
    from (select ${partnerId}::uuid as partner_id) partner
  `;
  const [counted] = await tx<{ count: number }[]>`
    select count(*) as count
    from members
    where partner_id = ${partnerId} and state = 'active'
  `;
  return counted?.count ?? 0;
}

/** Notes the key that a repeated registration gives out. @returns the one it replaces */
export async function swapJoinKey(
  tx: Tx,
  { partnerId, memberId, keyId }: { partnerId: string; memberId: string; keyId: string },
): Promise<string | null> {
  const [member] = await tx<{ joinKeyId: string | null }[]>`
    select join_key_id
    from members
    where partner_id = ${partnerId} and member_id = ${memberId}
    for update
  `;
  await tx`
    update members
    set join_key_id = ${keyId}
    where partner_id = ${partnerId} and member_id = ${memberId}
  `;
  return member?.joinKeyId ?? null;
}

/** Wipes the personal data of some members of a partner. @returns their ids and when they had registered */
export async function anonymiseSome(
  tx: Tx,
  { partnerId, limit, now }: { partnerId: string; limit: number; now: Date },
): Promise<{ memberId: string; createdAt: Date }[]> {
  return tx<{ memberId: string; createdAt: Date }[]>`
    update members
    set state = 'anonymised', unique_identifier = null, name = null, email = null, member_number = null, phone = null,
      birthday = null, avatar = null, communication_preferences = '{}', updated_at = ${now}
    where partner_id = ${partnerId}
      and member_id in (
        select member_id
        from members
        where partner_id = ${partnerId} and state = 'active'
        limit ${limit}
        for update skip locked
      )
    returning member_id, created_at
  `;
}
