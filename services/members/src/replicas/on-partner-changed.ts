import { partnerChanged } from '@punchcard/contracts';
import { on } from '@punchcard/messaging';
import { savePartner } from './store.ts';

export const onPartnerChanged = on(partnerChanged, (tx, { partnerid: partnerId, sequence, data }) =>
  savePartner(tx, {
    ...{ partnerId, name: data.name, slug: data.slug, status: data.status, locale: data.locale },
    ...{ timeZone: data.time_zone, gates: data.gates, isDeleted: data.is_deleted, sequence },
  }),
);
