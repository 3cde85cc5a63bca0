import { AppError } from '@punchcard/contracts';
import type { Sql, Tx } from '@punchcard/database';
import { countMembers, countUnderLock, findTaken, insertMembers, type Member } from '../members/store.ts';
import { newUniqueIdentifier } from './identifier.ts';

/** A member that is asked for; its unique identifier is made when it is inserted. */
export type Asked = Omit<Member, 'uniqueIdentifier'>;

/** A collision of twelve random digits is rare until a partner has a good part of 10^12 members. */
const TRIES = 5;

/** Inserts a member under a free unique identifier, within the partner's `members_limit`. */
export async function registerMember(tx: Tx, { member, limit }: { member: Asked; limit: number }): Promise<Member> {
  const { partnerId, memberId, email } = member;
  if (limit !== -1) await mustHaveRoom(tx, partnerId, limit);
  for (let n = 0; n < TRIES; n += 1) {
    const named = { ...member, uniqueIdentifier: newUniqueIdentifier() };
    if ((await insertMembers(tx, [named])).has(memberId)) return named;
    await mustBeFree(tx, partnerId, email);
  }
  throw new Error('No free unique identifier was found.');
}

/** Refuses early what `registerMember` would refuse. It decides, since others may be faster meanwhile. */
export async function mustBeWelcome(sql: Sql, { member, limit }: { member: Asked; limit: number }): Promise<void> {
  await mustBeFree(sql, member.partnerId, member.email);
  if (limit !== -1) mustBeBelow(limit, await countMembers(sql, member.partnerId));
}

async function mustBeFree(sql: Sql | Tx, partnerId: string, email: string | null): Promise<void> {
  if (email === null) return;
  const taken = await findTaken(sql, { partnerId, ids: [], emails: [email.toLowerCase()] });
  if (taken.length > 0) throw new AppError('ALREADY_EXISTS', { details: { field: 'email', existing_id: null } });
}

async function mustHaveRoom(tx: Tx, partnerId: string, limit: number): Promise<void> {
  mustBeBelow(limit, await countUnderLock(tx, partnerId));
}

function mustBeBelow(limit: number, current: number): void {
  if (current < limit) return;
  throw new AppError('LIMIT_REACHED', { details: { limit_name: 'members_limit', limit, current } });
}
