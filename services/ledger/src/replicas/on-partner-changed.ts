import { partnerChanged } from '@punchcard/contracts';
import { on } from '@punchcard/messaging';
import { savePartner } from './store.ts';

export const onPartnerChanged = on(partnerChanged, (tx, { partnerid: partnerId, sequence, data }) =>
  savePartner(tx, { partnerId, timeZone: data.time_zone, locale: data.locale, sequence }),
);
