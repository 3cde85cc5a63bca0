import type { Tx } from '@punchcard/database';

export interface ClubCopy {
  partnerId: string;
  clubId: string;
  name: string;
  isDeleted: boolean;
  createdAt: Date;
  sequence: number;
}

/** Each keeps the newest state; an older event that arrives late changes nothing. */
export async function saveClub(tx: Tx, club: ClubCopy): Promise<void> {
  await tx`
    insert into clubs ${tx({ ...club })}
    on conflict (partner_id, club_id) do update
    set name = excluded.name, is_deleted = excluded.is_deleted, sequence = excluded.sequence
    where clubs.sequence < excluded.sequence
  `;
}

export interface PartnerCopy {
  partnerId: string;
  timeZone: string;
  currency: string;
  tier: string;
  networkId: string | null;
  isDeleted: boolean;
  createdAt: Date;
  sequence: number;
}

export async function savePartner(tx: Tx, partner: PartnerCopy): Promise<void> {
  await tx`
    insert into partners ${tx({ ...partner })}
    on conflict (partner_id) do update
    set time_zone = excluded.time_zone, currency = excluded.currency, tier = excluded.tier, network_id = excluded.network_id,
      is_deleted = excluded.is_deleted, created_at = excluded.created_at, sequence = excluded.sequence
    where partners.sequence < excluded.sequence
  `;
}

export interface MemberCopy {
  partnerId: string;
  memberId: string;
  registeredAt: Date;
  anonymisedAt: Date | null;
  sequence: number;
}

/** Nobody comes back from being anonymised. @returns whether the member was new, and whether it is anonymised only now */
export async function saveMember(tx: Tx, member: MemberCopy): Promise<{ isNew: boolean; isWiped: boolean }> {
  const [saved] = await tx<{ isNew: boolean; isWiped: boolean }[]>`
    insert into members ${tx({ ...member })}
    on conflict (partner_id, member_id) do update
    set anonymised_at = coalesce(members.anonymised_at, excluded.anonymised_at), sequence = excluded.sequence
    where members.sequence < excluded.sequence
    returning old.member_id is null as is_new, new.anonymised_at is not null and old.anonymised_at is null as is_wiped
  `;
  return saved ?? { isNew: false, isWiped: false };
}

/** Time zones of partners; one that is not here yet has none. */
export async function findTimeZones(tx: Tx, partnerIds: readonly string[]): Promise<Map<string, string>> {
  const rows = await tx<{ partnerId: string; timeZone: string }[]>`
    select partner_id, time_zone
    from partners
    where partner_id = any(${partnerIds as string[]}::uuid[])
  `;
  return new Map(rows.map(({ partnerId, timeZone }) => [partnerId, timeZone]));
}
