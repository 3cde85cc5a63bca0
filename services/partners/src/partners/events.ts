import { partnerChanged, type EventDraft } from '@punchcard/contracts';
import type { Partner } from './store.ts';

/** The whole new state of a partner. */
export const announcePartner = (partner: Partner): EventDraft => ({
  event: partnerChanged,
  key: partner.partnerId,
  data: {
    partner_id: partner.partnerId,
    name: partner.name,
    slug: partner.slug,
    tier: partner.tier,
    status: partner.status,
    network_id: partner.networkId,
    currency: partner.currency,
    time_zone: partner.timeZone,
    locale: partner.locale,
    gates: partner.gates,
    is_deleted: partner.isDeleted,
    created_at: partner.createdAt.toISOString(),
    updated_at: partner.updatedAt.toISOString(),
  },
});
