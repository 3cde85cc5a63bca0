import { foldCase, notFound } from '@punchcard/contracts';
import type { Db, Tx } from '@punchcard/database';

export interface StaffKey {
  partnerId: string;
  staffId: string;
}

export interface StaffMember extends StaffKey {
  /** The first of their shops. */
  clubId: string;
  name: string;
  email: string;
  locale: string;
  timeZone: string;
  avatar: string | null;
  isActive: boolean;
  createdAt: Date;
  updatedAt: Date;
}

/** Queues the changes of a partner's staff until commit, so that limits, addresses and clubs are decided on what is there. */
export async function lockStaff(tx: Tx, partnerId: string): Promise<void> {
  await tx`
    select pg_advisory_xact_lock(hashtextextended(partner_id, 0))
    from (values (${`staff ${partnerId}`})) as staff (partner_id)
  `;
}

/** A staff member, or 404. */
export async function getStaff(tx: Db, { partnerId, staffId }: StaffKey): Promise<StaffMember> {
  const [member] = await tx<StaffMember[]>`
    select s.partner_id, s.staff_id, shop.club_id, s.name, s.email, s.locale, s.time_zone, s.avatar, s.is_active, s.created_at,
      s.updated_at
    from staff s
    join staff_shops shop on shop.partner_id = s.partner_id and shop.staff_id = s.staff_id and shop.position = 0
    where s.partner_id = ${partnerId} and s.staff_id = ${staffId}
  `;
  if (!member) throw notFound('staff_member', staffId);
  return member;
}

/** Whose e-mail this is, ignoring case. */
export async function findStaffIdByEmail(tx: Tx, { partnerId, email }: StaffMember): Promise<string | undefined> {
  const [member] = await tx<StaffKey[]>`
    select staff_id
    from staff
    where partner_id = ${partnerId} and email_key = ${foldCase(email)}
  `;
  return member?.staffId;
}

export async function countStaff(tx: Tx, partnerId: string): Promise<number> {
  const [counted] = await tx<{ count: number }[]>`
    select count(*) as count
    from staff
    where partner_id = ${partnerId}
  `;
  return counted!.count;
}

/** Staff that serve at a club, as their first or a further shop. */
export async function countStaffOfClub(
  tx: Tx,
  { partnerId, clubId }: { partnerId: string; clubId: string },
): Promise<number> {
  const [counted] = await tx<{ count: number }[]>`
    select count(*) as count
    from staff_shops
    where partner_id = ${partnerId} and club_id = ${clubId}
  `;
  return counted!.count;
}

export async function insertStaff(tx: Tx, member: StaffMember, passwordHash: string | null): Promise<void> {
  await tx`insert into staff ${tx({ ...row(member), passwordHash })}`;
  await putInClub(tx, member);
}

/** Keeps the password when none is given. */
export async function saveStaff(tx: Tx, member: StaffMember, passwordHash: string | undefined): Promise<void> {
  await tx`
    update staff
    set ${tx({ ...row(member), ...(passwordHash === undefined ? {} : { passwordHash }) })}
    where partner_id = ${member.partnerId} and staff_id = ${member.staffId}
  `;
}

/** Puts somebody in one club, instead of all their shops so far. */
export async function moveToClub(tx: Tx, member: StaffMember): Promise<void> {
  await tx`
    delete from staff_shops
    where partner_id = ${member.partnerId} and staff_id = ${member.staffId}
  `;
  await putInClub(tx, member);
}

export async function deleteStaffRow(tx: Tx, { partnerId, staffId }: StaffKey): Promise<void> {
  await tx`
    delete from staff
    where partner_id = ${partnerId} and staff_id = ${staffId}
  `;
}

/** Deletes everybody of a partner. @returns who they were */
export async function deleteAllStaff(tx: Tx, partnerId: string): Promise<StaffMember[]> {
  const everybody = await tx<StaffMember[]>`
    select s.partner_id, s.staff_id, shop.club_id, s.name, s.email, s.locale, s.time_zone, s.avatar, s.is_active, s.created_at,
      s.updated_at
    from staff s
    join staff_shops shop on shop.partner_id = s.partner_id and shop.staff_id = s.staff_id and shop.position = 0
    where s.partner_id = ${partnerId}
  `;
  await tx`
    delete from staff
    where partner_id = ${partnerId}
  `;
  return everybody;
}

/** Answers that were kept for repeats: they show people as they were. */
export async function forgetAnswers(tx: Tx, partnerId: string): Promise<void> {
  await tx`
    delete from idempotency_keys
    where partner_id = ${partnerId}
  `;
}

async function putInClub(tx: Tx, { partnerId, staffId, clubId }: StaffMember): Promise<void> {
  await tx`
    insert into staff_shops (partner_id, staff_id, position, club_id)
    values (${partnerId}, ${staffId}, 0, ${clubId})
  `;
}

const row = ({ clubId: _, ...member }: StaffMember) => ({
  ...member,
  emailKey: foldCase(member.email),
  searchKey: foldCase(`${member.name}\n${member.email}`),
});
