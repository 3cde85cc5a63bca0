import type { Tx } from '@punchcard/database';

export interface ClubKey {
  partnerId: string;
  clubId: string;
}

/** Our copy of one of the catalog's clubs. */
export interface ClubCopy extends ClubKey {
  name: string;
  isDeleted: boolean;
  sequence: number;
}

export interface Club {
  isDeleted: boolean;
  isHeld: boolean;
}

/** Keeps the newest state; an older event that arrives late changes nothing. */
export async function saveClub(tx: Tx, club: ClubCopy): Promise<void> {
  await tx`
    insert into clubs ${tx({ ...club })}
    on conflict (partner_id, club_id) do update
    set name = excluded.name, is_deleted = clubs.is_deleted or excluded.is_deleted, sequence = excluded.sequence
    where clubs.sequence < excluded.sequence
  `;
}

/**
 * What the catalog says itself when it has deleted a club, since its events may be long in coming, also the first of them. It is
 * final: earlier events that come after it do not undo it.
 */
export async function markDeleted(tx: Tx, { partnerId, clubId }: ClubKey): Promise<void> {
  await tx`
    insert into clubs ${tx({ partnerId, clubId, name: '', isDeleted: true, sequence: 0 })}
    on conflict (partner_id, club_id) do update
    set is_deleted = true
  `;
}

export async function findClub(tx: Tx, { partnerId, clubId }: ClubKey, now: Date): Promise<Club | undefined> {
  const [club] = await tx<Club[]>`
    select c.is_deleted, h.hold_id is not null as is_held
    from clubs c
    left join club_holds h on h.partner_id = c.partner_id and h.club_id = c.club_id and h.held_until > ${now}
    where c.partner_id = ${partnerId} and c.club_id = ${clubId}
  `;
  return club;
}

export async function saveHold(tx: Tx, hold: ClubKey & { holdId: string; heldUntil: Date }): Promise<void> {
  await tx`
    insert into club_holds ${tx({ ...hold })}
    on conflict (partner_id, club_id) do update
    set hold_id = excluded.hold_id, held_until = excluded.held_until
  `;
}

/** Ends a hold, unless another has taken its place. */
export async function deleteHold(tx: Tx, { partnerId, clubId, holdId }: ClubKey & { holdId: string }): Promise<void> {
  await tx`
    delete from club_holds
    where partner_id = ${partnerId} and club_id = ${clubId} and hold_id = ${holdId}
  `;
}
