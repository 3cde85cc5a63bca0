import { staffChanged } from '@punchcard/contracts';
import { on } from '@punchcard/messaging';
import { saveStaff } from './store.ts';

export const onStaffChanged = on(staffChanged, (tx, { partnerid: partnerId, sequence, data }) =>
  saveStaff(tx, {
    partnerId,
    staffId: data.staff_id,
    clubId: data.club_id,
    displayName: data.display_name,
    isActive: data.is_active,
    isDeleted: data.is_deleted,
    sequence,
  }),
);
