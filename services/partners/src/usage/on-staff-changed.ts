import { staffChanged } from '@punchcard/contracts';
import { on } from '@punchcard/messaging';
import { saveThing } from './store.ts';

export const onStaffChanged = on(staffChanged, (tx, { partnerid: partnerId, sequence, data }) =>
  saveThing(tx, { partnerId, kind: 'staff', thingId: data.staff_id, isGone: data.is_deleted, sequence }),
);
