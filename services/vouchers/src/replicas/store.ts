import type { Tx } from '@punchcard/database';

/** Copies of others' reference data. Each keeps the newest state: an older event that arrives late changes nothing. */
interface Copy {
  partnerId: string;
  sequence: number;
}

/**
 * What the catalog says itself when it has deleted something, since its events may be long in coming, also the first of them. It is
 * final: earlier events that come after it do not undo it.
 */
export async function markDeleted(
  tx: Tx,
  table: 'clubs' | 'cards' | 'tiers',
  { partnerId, id }: { partnerId: string; id: string },
): Promise<void> {
  const column = { clubs: 'club_id', cards: 'card_id', tiers: 'tier_id' }[table];
  await tx`
    insert into ${tx(table)} ${tx({ partner_id: partnerId, [column]: id, is_deleted: true, sequence: 0 })}
    on conflict (partner_id, ${tx(column)}) do update
    set is_deleted = true
  `;
}

export interface ClubCopy extends Copy {
  clubId: string;
  isDeleted: boolean;
}

export async function saveClub(tx: Tx, club: ClubCopy): Promise<void> {
  await tx`
    insert into clubs ${tx({ ...club })}
    on conflict (partner_id, club_id) do update
    set is_deleted = clubs.is_deleted or excluded.is_deleted, sequence = excluded.sequence
    where clubs.sequence < excluded.sequence
  `;
}

export interface CardCopy extends Copy {
  cardId: string;
  isDeleted: boolean;
}

export async function saveCard(tx: Tx, card: CardCopy): Promise<void> {
  await tx`
    insert into cards ${tx({ ...card })}
    on conflict (partner_id, card_id) do update
    set is_deleted = cards.is_deleted or excluded.is_deleted, sequence = excluded.sequence
    where cards.sequence < excluded.sequence
  `;
}

export interface TierCopy extends Copy {
  tierId: string;
  isDeleted: boolean;
}

export async function saveTier(tx: Tx, tier: TierCopy): Promise<void> {
  await tx`
    insert into tiers ${tx({ ...tier })}
    on conflict (partner_id, tier_id) do update
    set is_deleted = tiers.is_deleted or excluded.is_deleted, sequence = excluded.sequence
    where tiers.sequence < excluded.sequence
  `;
}

export interface StaffCopy extends Copy {
  staffId: string;
  clubId: string;
  isActive: boolean;
}

export async function saveStaff(tx: Tx, staff: StaffCopy): Promise<void> {
  await tx`
    insert into staff ${tx({ ...staff })}
    on conflict (partner_id, staff_id) do update
    set club_id = excluded.club_id, is_active = excluded.is_active, sequence = excluded.sequence
    where staff.sequence < excluded.sequence
  `;
}

export interface MemberCopy extends Copy {
  memberId: string;
  registeredAt: string;
  isAnonymised: boolean;
}

/** @returns whether it was newer than what was here */
export async function saveMember(tx: Tx, member: MemberCopy): Promise<boolean> {
  const saved = await tx`
    insert into members ${tx({ ...member })}
    on conflict (partner_id, member_id) do update
    set registered_at = excluded.registered_at, is_anonymised = excluded.is_anonymised, sequence = excluded.sequence
    where members.sequence < excluded.sequence
    returning partner_id
  `;
  return saved.length > 0;
}

export interface IdentifierCopy {
  identifier: string;
  kind: string;
}

/** The whole set of a member's identifiers; what is not in it is forgotten. */
export async function replaceIdentifiers(
  tx: Tx,
  { partnerId, memberId }: MemberCopy,
  identifiers: readonly IdentifierCopy[],
): Promise<void> {
  await tx`delete from member_identifiers where partner_id = ${partnerId} and member_id = ${memberId}`;
  if (identifiers.length === 0) return;
  await tx`
    insert into member_identifiers
      ${tx(identifiers.map((identifier) => ({ partnerId, memberId, ...identifier })))}
    on conflict do nothing
  `;
}

/** What staff wrote beside a member's redemptions may be about the member. */
export async function forgetNotes(tx: Tx, { partnerId, memberId }: MemberCopy): Promise<void> {
  await tx`
    update redemptions
    set note = null
    where partner_id = ${partnerId} and member_id = ${memberId} and note is not null
  `;
}
