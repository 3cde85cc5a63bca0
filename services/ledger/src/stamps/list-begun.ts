import { AppError, Miss } from '@punchcard/contracts';
import type { Page, Sql } from '@punchcard/database';
import { findMember } from '../members/find-member.ts';
import { byId } from '../members/identify.ts';
import { listBegun as list, type Owner } from './views.ts';

/** What a member has begun. Throws a `Miss` for a member that is not known here. */
export async function listBegun(sql: Sql, owner: Owner, page: Pick<Page, 'limit' | 'offset'>) {
  const member = await findMember(sql, owner.partnerId, byId(owner.memberId));
  if (!member) {
    throw new Miss(new AppError('MEMBER_NOT_FOUND', { details: { member_identifier: owner.memberId } }), ['members']);
  }
  return list(sql, owner, page);
}
