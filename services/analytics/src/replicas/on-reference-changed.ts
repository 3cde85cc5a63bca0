import { clubChanged, memberChanged, partnerChanged } from '@punchcard/contracts';
import { on } from '@punchcard/messaging';
import { countRegistration } from '../platform/store.ts';
import { saveClub, saveMember, savePartner } from './store.ts';

export const onClubChanged = on(clubChanged, (tx, { partnerid: partnerId, sequence, data }) =>
  saveClub(tx, {
    ...{ partnerId, clubId: data.club_id, name: data.name, isDeleted: data.is_deleted, sequence },
    createdAt: new Date(data.created_at),
  }),
);

export const onPartnerChanged = on(partnerChanged, (tx, { partnerid: partnerId, sequence, data }) =>
  savePartner(tx, {
    ...{ partnerId, timeZone: data.time_zone, currency: data.currency, tier: data.tier, networkId: data.network_id },
    ...{ isDeleted: data.is_deleted, createdAt: new Date(data.created_at), sequence },
  }),
);

export const onMemberChanged = on(memberChanged, async (tx, { partnerid: partnerId, sequence, time, data }) => {
  const registeredAt = new Date(data.registered_at);
  // Not before the registration, whatever the clocks said: customers are those registered less those departed.
  const departedAt = data.state === 'anonymised' ? new Date(Math.max(Date.parse(time), registeredAt.getTime())) : null;
  const member = { partnerId, memberId: data.member_id, registeredAt, anonymisedAt: departedAt, sequence };
  const { isNew, isWiped } = await saveMember(tx, member);
  if (!isNew && !isWiped) return;
  await countRegistration(tx, { partnerId, registeredAt, departedAt: isWiped ? departedAt : null, isNew });
});
