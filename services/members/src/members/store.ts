import type { Sql, Tx } from '@punchcard/database';

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
  joinKeyIds: string[];
  joinKeyGivenAt: Date | null;
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
  tx: Sql | Tx,
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
  return countMembers(tx, partnerId);
}

/** Members of a partner as of now. */
export async function countMembers(sql: Sql | Tx, partnerId: string): Promise<number> {
  const [counted] = await sql<{ count: number }[]>`
    select count(*) as count
    from members
    where partner_id = ${partnerId} and state = 'active'
  `;
  return counted?.count ?? 0;
}

/** When registration gave a key to a member, or null when it never got so far. */
export async function findJoinKeyGivenAt(sql: Sql, partnerId: string, memberId: string): Promise<Date | null> {
  const [member] = await sql<{ joinKeyGivenAt: Date | null }[]>`
    select join_key_given_at
    from members
    where partner_id = ${partnerId} and member_id = ${memberId}
  `;
  return member?.joinKeyGivenAt ?? null;
}

/** Notes a key that a repeated registration chose, before it is made. @returns the earlier ones, which it replaces */
export async function addJoinKey(
  sql: Sql,
  { partnerId, memberId, keyId }: { partnerId: string; memberId: string; keyId: string },
): Promise<string[]> {
  const [member] = await sql<{ joinKeyIds: string[] }[]>`
    update members
    set join_key_ids = array_append(join_key_ids, ${keyId}::uuid)
    where partner_id = ${partnerId} and member_id = ${memberId}
    returning join_key_ids
  `;
  return member?.joinKeyIds.slice(0, -1) ?? [];
}

export async function markJoinKeyGiven(
  sql: Sql,
  { partnerId, memberId, now }: { partnerId: string; memberId: string; now: Date },
): Promise<void> {
  await sql`
    update members
    set join_key_given_at = ${now}
    where partner_id = ${partnerId} and member_id = ${memberId}
  `;
}

/** Answers that were kept for repeats: they show members as they were. */
export async function forgetAnswers(tx: Tx, partnerId: string): Promise<void> {
  await tx`
    delete from idempotency_keys
    where partner_id = ${partnerId}
  `;
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
