import { clubChanged } from '@punchcard/contracts';
import { on } from '@punchcard/messaging';
import { saveClub } from './store.ts';

export const onClubChanged = on(clubChanged, (tx, { partnerid: partnerId, sequence, data }) =>
  saveClub(tx, { partnerId, clubId: data.club_id, name: data.name, isDeleted: data.is_deleted, sequence }),
);
