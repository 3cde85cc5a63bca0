import { AppError } from '@punchcard/contracts';
import type { Tx } from '@punchcard/database';
import { countUnderLock, findTaken, insertMembers, type Member } from '../members/store.ts';
import { newUniqueIdentifier } from './identifier.ts';

/** A collision of twelve random digits is rare until a partner has a good part of 10^12 members. */
const TRIES = 5;

/** Inserts a member under a free unique identifier, within the partner's `members_limit`. */
export async function registerMember(
  tx: Tx,
  { member, limit }: { member: Omit<Member, 'uniqueIdentifier'>; limit: number },
): Promise<Member> {
  const { partnerId, memberId, email } = member;
  if (limit !== -1) await mustHaveRoom(tx, partnerId, limit);
  for (let n = 0; n < TRIES; n += 1) {
    const named = { ...member, uniqueIdentifier: newUniqueIdentifier() };
    if ((await insertMembers(tx, [named])).has(memberId)) return named;
    const emails = email === null ? [] : [email.toLowerCase()];
    if ((await findTaken(tx, { partnerId, ids: [], emails })).length > 0) {
      throw new AppError('ALREADY_EXISTS', { details: { field: 'email', existing_id: null } });
    }
  }
  throw new Error('No free unique identifier was found.');
}

async function mustHaveRoom(tx: Tx, partnerId: string, limit: number): Promise<void> {
  const current = await countUnderLock(tx, partnerId);
  if (current < limit) return;
  throw new AppError('LIMIT_REACHED', { details: { limit_name: 'members_limit', limit, current } });
}
