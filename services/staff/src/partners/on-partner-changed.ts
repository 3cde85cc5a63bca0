import { partnerChanged } from '@punchcard/contracts';
import { announce, on } from '@punchcard/messaging';
import { announceDeletedStaff } from '../staff/events.ts';
import { deleteAllStaff, forgetAnswers, lockStaff } from '../staff/store.ts';

/** What others show for somebody whose name they must not keep. */
const FORMER = 'Former staff';

/** The people of a partner that was deleted are forgotten, here and in the copies. */
export const onPartnerChanged = on(partnerChanged, async (tx, { partnerid: partnerId, data }) => {
  if (!data.is_deleted) return;
  await lockStaff(tx, partnerId);
  const everybody = await deleteAllStaff(tx, partnerId);
  await forgetAnswers(tx, partnerId);
  const events = everybody.map((member) => announceDeletedStaff(member, FORMER));
  if (events.length > 0) await announce(tx, { source: 'staff', partnerId, events });
});
