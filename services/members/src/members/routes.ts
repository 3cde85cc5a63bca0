import {
  AppError,
  invalid,
  reply,
  type Answer,
  type Caller,
  type Handlers,
  type getMember,
  type listMembers as list,
} from '@punchcard/contracts';
import { paginate, type Sql } from '@punchcard/database';
import { identifierCandidates, normaliseIdentifier } from '@punchcard/service-kit';
import { findByIdentifier, findMember, listMembers, type MemberView } from './views.ts';

export const memberHandlers = ({ sql }: { sql: Sql }): Handlers<typeof list | typeof getMember> => ({
  'agent.members.list': async ({ query, caller }) => {
    const page = paginate(query);
    const partnerId = partnerOf(caller);
    const { search: text, member_identifier: identifier } = query;
    if (text !== undefined && identifier !== undefined) {
      throw invalid('member_identifier', 'send only one of search and member_identifier');
    }
    if (identifier !== undefined) {
      const members = await identified(sql, partnerId, identifier);
      const shown = page.offset === 0 ? members.map(memberData) : [];
      return reply(shown, { pagination: page.pagination(members.length) });
    }
    const search = text === undefined ? null : searchFor(text);
    const { members, total } = await listMembers(sql, { partnerId, search }, page);
    return reply(members.map(memberData), { pagination: page.pagination(total) });
  },

  'agent.members.get': async ({ params, caller }) => {
    const member = await findMember(sql, partnerOf(caller), params.id);
    if (!member) throw new AppError('MEMBER_NOT_FOUND', { details: { member_identifier: params.id } });
    return memberData(member);
  },
});

/** The first kind under which a member is found wins (contract 1.11). */
async function identified(sql: Sql, partnerId: string, identifier: string): Promise<MemberView[]> {
  for (const candidate of identifierCandidates(identifier)) {
    const found = await findByIdentifier(sql, partnerId, candidate);
    if (found.length > 1) throw new AppError('MEMBER_AMBIGUOUS', { details: { matches: found.length } });
    if (found.length === 1) return found;
  }
  return [];
}

/** A text of a list's `search`, as each of the things that it may be. */
export const searchFor = (text: string) => ({
  part: text,
  email: normaliseIdentifier('email', text),
  uniqueIdentifier: normaliseIdentifier('unique_identifier', text),
  memberNumber: text,
});

/** The partner of a partner key. Without one the gateway would not have let the call through. */
function partnerOf({ partner_id: partnerId }: Caller): string {
  if (partnerId === null) throw new Error('A partner endpoint was called without a partner.');
  return partnerId;
}

export const memberData = (member: MemberView): Answer<typeof getMember> => ({
  id: member.memberId,
  unique_identifier: member.uniqueIdentifier,
  name: member.name,
  email: member.email,
  locale: member.locale,
  currency: null,
  time_zone: member.timeZone,
  last_login_at: member.lastLoginAt?.toISOString() ?? null,
  avatar: member.avatar,
  is_anonymous: member.isAnonymous,
  created_at: member.createdAt.toISOString(),
  updated_at: member.updatedAt.toISOString(),
});
