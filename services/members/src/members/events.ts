import { memberChanged, type EventDraft, type IdentifierKind } from '@punchcard/contracts';
import { hashesOf } from './identifier-hashes.ts';
import type { Member } from './store.ts';

type Identified = Pick<Member, 'partnerId' | 'memberId' | 'email' | 'uniqueIdentifier' | 'memberNumber' | 'createdAt'>;

/** A member's state for others: ids and keyed hashes, nothing personal. */
export const announceMember = (pepper: string, member: Identified): EventDraft =>
  state({ ...member, identifiers: hashesOf(pepper, member), state: 'active' });

/** The end of a member: copies delete the hashes that found it. */
export const announceAnonymised = (member: Pick<Member, 'partnerId' | 'memberId' | 'createdAt'>): EventDraft =>
  state({ ...member, identifiers: [], state: 'anonymised' });

const state = (member: {
  partnerId: string;
  memberId: string;
  createdAt: Date;
  identifiers: { kind: IdentifierKind; hash: string }[];
  state: 'active' | 'anonymised';
}): EventDraft => ({
  event: memberChanged,
  key: member.partnerId,
  data: {
    member_id: member.memberId,
    state: member.state,
    identifiers: member.identifiers,
    registered_at: member.createdAt.toISOString(),
  },
});
