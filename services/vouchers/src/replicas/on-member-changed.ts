import { memberChanged } from '@punchcard/contracts';
import { on } from '@punchcard/messaging';
import { forgetNotes, replaceIdentifiers, saveMember } from './store.ts';

/** Somebody who was anonymised is not found any more, and what was written about them goes; what they redeemed stays. */
export const onMemberChanged = on(memberChanged, async (tx, { partnerid: partnerId, sequence, data }) => {
  const memberId = data.member_id;
  const isAnonymised = data.state === 'anonymised';
  const member = { partnerId, memberId, registeredAt: data.registered_at, isAnonymised, sequence };
  if (!(await saveMember(tx, member))) return;
  const hashes = data.identifiers.map(({ kind, hash }) => ({ identifier: hash, kind }));
  await replaceIdentifiers(tx, member, isAnonymised ? [] : [{ identifier: memberId, kind: 'id' }, ...hashes]);
  if (isAnonymised) await forgetNotes(tx, member);
});
