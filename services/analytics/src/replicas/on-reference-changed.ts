import { clubChanged, memberChanged, partnerChanged } from '@punchcard/contracts';
import { on } from '@punchcard/messaging';
import { saveClub, saveMember, savePartner } from './store.ts';

export const onClubChanged = on(clubChanged, (tx, { partnerid: partnerId, sequence, data }) =>
  saveClub(tx, {
    ...{ partnerId, clubId: data.club_id, name: data.name, isDeleted: data.is_deleted, sequence },
    createdAt: new Date(data.created_at),
  }),
);

export const onPartnerChanged = on(partnerChanged, (tx, { partnerid: partnerId, sequence, data }) =>
  savePartner(tx, { partnerId, timeZone: data.time_zone, currency: data.currency, sequence }),
);

export const onMemberChanged = on(memberChanged, (tx, { partnerid: partnerId, sequence, time, data }) =>
  saveMember(tx, {
    ...{ partnerId, memberId: data.member_id, registeredAt: new Date(data.registered_at), sequence },
    anonymisedAt: data.state === 'anonymised' ? new Date(time) : null,
  }),
);
