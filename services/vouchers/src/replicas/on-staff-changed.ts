import { staffChanged } from '@punchcard/contracts';
import { on } from '@punchcard/messaging';
import { saveStaff } from './store.ts';

export const onStaffChanged = on(staffChanged, (tx, { partnerid: partnerId, sequence, data }) => {
  const { staff_id: staffId, club_id: clubId, is_active: isActive, is_deleted: isDeleted } = data;
  return saveStaff(tx, { partnerId, staffId, clubId, isActive: isActive && !isDeleted, sequence });
});
