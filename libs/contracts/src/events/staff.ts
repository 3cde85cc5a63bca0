import { z } from 'zod';
import { defineEvent } from '../event.ts';
import { sample } from '../sample.ts';

/**
 * Whole state of a staff member, without personal data but the name that is shown beside what they booked. `club_id`: the
 * club at which they serve. `is_deleted`: gone, but history keeps the name.
 */
export const staffChanged = defineEvent({
  type: 'staff.staff_changed.v1',
  owner: 'staff',
  topic: 'staff',
  publicNames: ['staff.updated'],
  summary: 'A staff member was added, changed or deleted.',
  data: z.object({
    staff_id: z.uuid(),
    club_id: z.uuid(),
    display_name: z.string(),
    is_active: z.boolean(),
    is_deleted: z.boolean(),
    created_at: z.iso.datetime(),
  }),
  example: {
    staff_id: sample.staffId,
    club_id: sample.clubId,
    display_name: 'Ona Petraitė',
    is_active: true,
    is_deleted: false,
    created_at: sample.at,
  },
});
