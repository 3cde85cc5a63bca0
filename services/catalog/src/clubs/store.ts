import { AppError, foldCase } from '@punchcard/contracts';
import type { Db, Tx } from '@punchcard/database';

export interface ClubKey {
  partnerId: string;
  clubId: string;
}

export interface Club extends ClubKey {
  name: string;
  description: string | null;
  /** Archived: deleted, but history keeps its name. */
  status: 'active' | 'inactive' | 'archived';
  createdAt: Date;
  updatedAt: Date;
}

/** A club that is not archived, or 404. */
export async function getClub(tx: Db, key: ClubKey): Promise<Club> {
  const club = await findClub(tx, key);
  if (!club) throw new AppError('CLUB_NOT_FOUND', { details: { club_id: key.clubId } });
  return club;
}

/** A club that is not archived. */
export async function findClub(tx: Db, { partnerId, clubId }: ClubKey): Promise<Club | undefined> {
  const [club] = await tx<Club[]>`
    select partner_id, club_id, name, description, status, created_at, updated_at
    from clubs
    where partner_id = ${partnerId} and club_id = ${clubId} and status <> 'archived'
  `;
  return club;
}

/** Whose name this is, ignoring case. */
export async function findClubIdByName(tx: Tx, { partnerId, name }: Club): Promise<string | undefined> {
  const [club] = await tx<ClubKey[]>`
    select club_id
    from clubs
    where partner_id = ${partnerId} and name_key = ${foldCase(name)} and status <> 'archived'
  `;
  return club?.clubId;
}

export async function countClubs(tx: Tx, partnerId: string): Promise<number> {
  const [counted] = await tx<{ count: number }[]>`
    select count(*) as count
    from clubs
    where partner_id = ${partnerId} and status <> 'archived'
  `;
  return counted!.count;
}

export async function insertClub(tx: Tx, club: Club): Promise<void> {
  await tx`insert into clubs ${tx(row(club))}`;
}

export async function saveClub(tx: Tx, club: Club): Promise<void> {
  await tx`
    update clubs
    set ${tx(row(club))}
    where partner_id = ${club.partnerId} and club_id = ${club.clubId}
  `;
}

const row = (club: Club) => ({ ...club, nameKey: foldCase(club.name) });
