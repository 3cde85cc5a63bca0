import type { KeyRecord } from '@punchcard/contracts';
import type { StandingCaller } from '@punchcard/service-kit';
import { createAddressList, type AddressList } from '../addresses/address-list.ts';
import { subjectOfKey, tierOf, type LimitSettings, type Tier } from '../access/subject-rules.ts';
import type { Subject } from '../limits/admission.ts';

/** A key's record with all that a call needs of it worked out once, when it was read. */
export interface KnownKey {
  record: KeyRecord;
  /** Infinity: never. */
  expiresAtMs: number;
  isRevoked: boolean;
  /** Null: from anywhere. */
  isAllowedFrom: AddressList | null;
  /** Who calls, but for what each request adds. */
  caller: StandingCaller;
  subject: Subject;
  tier: Tier;
}

export const toKnownKey =
  (limits: Pick<LimitSettings, 'isStaging'>) =>
  (record: KeyRecord): KnownKey => ({
    record,
    expiresAtMs: instantOf(record.expires_at),
    // However the clocks stand: a revocation is never in the future.
    isRevoked: record.revoked_at !== null || record.partner?.is_deleted === true,
    isAllowedFrom: record.allowed_ips.length > 0 ? createAddressList(record.allowed_ips) : null,
    caller: callerOf(record),
    subject: subjectOfKey(record, limits),
    tier: tierOf(record),
  });

const instantOf = (text: string | null): number => (text === null ? Infinity : Date.parse(text));

function callerOf(record: KeyRecord): KnownKey['caller'] {
  const { partner } = record;
  return {
    role: record.role,
    via: record.kind,
    partner_id: partner?.id ?? null,
    member_id: record.member_id,
    key_id: record.key_id,
    key_name: record.name,
    scopes: record.scopes,
    permissions: record.permissions,
    shop_ids: record.shop_ids,
    partner: partner && {
      id: partner.id,
      name: partner.name,
      slug: partner.slug,
      plan: partner.plan,
      currency: partner.currency,
      time_zone: partner.time_zone,
      locale: partner.locale,
      gates: partner.gates,
    },
  };
}
