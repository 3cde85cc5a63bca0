import { clubChanged, type EventDraft } from '@punchcard/contracts';
import type { Club } from './store.ts';

/** The whole state of a club. */
export const announceClub = (club: Club): EventDraft => ({
  event: clubChanged,
  key: club.partnerId,
  data: {
    club_id: club.clubId,
    name: club.name,
    is_active: club.status === 'active',
    is_deleted: club.status === 'archived',
    created_at: club.createdAt.toISOString(),
  },
});
