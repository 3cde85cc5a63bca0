import { memberChanged } from '@punchcard/contracts';
import { announce, on } from '@punchcard/messaging';
import { announceKey } from '../keys/events.ts';
import { revokeMemberKeys } from '../keys/store.ts';
import { saveThing } from './store.ts';

/** Counts members; the keys of one that was anonymised end with it. */
export const onMemberChanged = on(memberChanged, async (tx, { partnerid: partnerId, sequence, time, data }) => {
  const { member_id: memberId, state } = data;
  const isGone = state === 'anonymised';
  await saveThing(tx, { partnerId, kind: 'members', thingId: memberId, isGone, sequence });
  if (!isGone) return;
  const revoked = await revokeMemberKeys(tx, { partnerId, memberId, except: null, now: new Date(time) });
  if (revoked.length > 0) await announce(tx, { source: 'partners', partnerId, events: revoked.map(announceKey) });
});
