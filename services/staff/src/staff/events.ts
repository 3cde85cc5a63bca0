import { staffChanged, type EventDraft } from '@punchcard/contracts';
import type { StaffMember } from './store.ts';

/** The whole state of a staff member that others may know. */
export const announceStaff = (member: StaffMember): EventDraft => draft(member, { isDeleted: false });

/** Others keep the name for what was booked; when it must not be kept either, `displayName` takes its place. */
export const announceDeletedStaff = (member: StaffMember, displayName = member.name): EventDraft =>
  draft({ ...member, name: displayName }, { isDeleted: true });

const draft = (member: StaffMember, { isDeleted }: { isDeleted: boolean }): EventDraft => ({
  event: staffChanged,
  key: member.partnerId,
  data: {
    staff_id: member.staffId,
    club_id: member.clubId,
    display_name: member.name,
    is_active: member.isActive && !isDeleted,
    is_deleted: isDeleted,
    created_at: member.createdAt.toISOString(),
  },
});
