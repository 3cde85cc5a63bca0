import {
  AppError,
  reply,
  type Answer,
  type Handlers,
  type getAnyMember,
  type listAllMembers as list,
} from '@punchcard/contracts';
import { paginate, type Sql } from '@punchcard/database';
import { formatShownPartners, SHOWN_PARTNERS_HEADER } from '@punchcard/service-kit';
import { memberData, searchFor } from '../members/routes.ts';
import { findAnyMember, listAllMembers, type AnyMember } from './platform-views.ts';

/** Members for the admin role. Each answer names the partners that it shows, in whose audit trails the call then stands. */
export const allMemberHandlers = ({ sql }: { sql: Sql }): Handlers<typeof list | typeof getAnyMember> => ({
  'agent.admin.members.list': async ({ query }) => {
    const page = paginate(query);
    const search = query.search === undefined ? null : searchFor(query.search);
    const { members, total } = await listAllMembers(sql, { partnerId: query.partner_id, search }, page);
    return reply(members.map(anyMemberData), { pagination: page.pagination(total), headers: shownHeader(members) });
  },

  'agent.admin.members.get': async ({ params }) => {
    const member = await findAnyMember(sql, params.id);
    if (!member) throw new AppError('MEMBER_NOT_FOUND', { details: { member_identifier: params.id } });
    return reply(anyMemberData(member), { headers: shownHeader([member]) });
  },
});

const shownHeader = (members: readonly AnyMember[]) => ({
  [SHOWN_PARTNERS_HEADER]: formatShownPartners(members.map(({ partnerId }) => partnerId)),
});

const anyMemberData = (member: AnyMember): Answer<typeof getAnyMember> => ({
  ...memberData(member),
  partner_id: member.partnerId,
});
