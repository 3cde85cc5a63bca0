import { memberChanged } from '@punchcard/contracts';
import { on } from '@punchcard/messaging';
import { replaceIdentifiers, saveMember } from './store.ts';

/** Somebody who was anonymised is not found any more; the bare id stays, since the points still expire. */
export const onMemberChanged = on(memberChanged, async (tx, { partnerid: partnerId, sequence, data }) => {
  const memberId = data.member_id;
  const isAnonymised = data.state === 'anonymised';
  const member = { partnerId, memberId, isAnonymised, sequence };
  if (!(await saveMember(tx, member))) return;
  const hashes = isAnonymised ? [] : data.identifiers;
  await replaceIdentifiers(tx, member, [
    { identifier: memberId, kind: 'id', isFindable: !isAnonymised },
    ...hashes.map(({ kind, hash }) => ({ identifier: hash, kind, isFindable: true })),
  ]);
});
