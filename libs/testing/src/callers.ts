import { newId, partnerGates, type Caller, type CallerPartner, type PartnerGates } from '@punchcard/contracts';
import { systemCaller } from '@punchcard/service-kit';

/** Secrets that sign and verify callers in tests. */
export const testSecrets = [{ kid: 'test', secret: 'a secret of the tests, and of them alone' }];

/** A partner of its own for every test, in the caller's token only. */
export const givenCallerPartner = (
  gates: Partial<PartnerGates> = {},
  rest: Partial<Omit<CallerPartner, 'gates'>> = {},
): CallerPartner => ({
  id: newId(),
  name: 'Bean & Bloom',
  slug: `bean-${newId()}`,
  plan: 'enterprise',
  currency: 'EUR',
  time_zone: 'Europe/Vilnius',
  locale: 'en_US',
  ...rest,
  gates: partnerGates.parse(gates),
});

const key = (): Pick<Caller, 'key_id' | 'key_name' | 'shop_ids' | 'request_id' | 'ip' | 'member_id'> => ({
  key_id: newId(),
  key_name: 'test',
  shop_ids: null,
  request_id: newId(),
  ip: '127.0.0.1',
  member_id: null,
});

/** A partner's agent key that may do everything. */
export const partnerCaller = (partner: CallerPartner): Caller => ({
  ...key(),
  ...{ role: 'partner', via: 'agent_key', partner_id: partner.id, scopes: ['admin'], permissions: [], partner },
});

/** A member's key that may do everything. */
export const memberCaller = (partner: CallerPartner, memberId: string): Caller => ({
  ...partnerCaller(partner),
  ...{ role: 'member', member_id: memberId },
});

/** A partner's key pair with these permissions. */
export const officeCaller = (
  partner: CallerPartner,
  permissions: string[],
  shopIds: string[] | null = null,
): Caller => ({
  ...key(),
  ...{ role: 'partner', via: 'api_key', partner_id: partner.id, scopes: [], permissions, partner, shop_ids: shopIds },
});

export const adminCaller = (scopes: string[] = ['admin']): Caller => ({
  ...key(),
  ...{ role: 'admin', via: 'agent_key', partner_id: null, scopes, permissions: [], partner: null },
});

/** Somebody without a key, at an address. */
export const publicCaller = (ip: string): Caller => ({ ...systemCaller(), role: 'public', via: 'none', ip });
