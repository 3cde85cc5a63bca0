import { describe, expect, it } from '@jest/globals';
import {
  createClub,
  health,
  listPartners,
  overview,
  purchase,
  type AppError,
  type Endpoint,
} from '@punchcard/contracts';
import { givenKeyRecord, type KeyChanges } from '../../test/given.ts';
import { checkAccess, checkAgentApi } from './rules.ts';

const settings = { isAgentApiOn: true, upgradeUrl: 'https://example.com/console/upgrade' };

/** Undefined: access. */
function refusalOf(
  endpoint: Endpoint,
  changes: KeyChanges = {},
  more: { partnerId?: string; isAgentApiOn?: boolean } = {},
): Pick<AppError, 'code' | 'details'> | undefined {
  try {
    checkAccess({ endpoint, record: givenKeyRecord(changes), partnerId: more.partnerId }, { ...settings, ...more });
    return undefined;
  } catch (thrown) {
    const { code, details } = thrown as AppError;
    return { code, details };
  }
}

const gatesWith = (name: string, value: boolean) => ({ ...givenKeyRecord().partner!.gates, [name]: value });

describe('checkAccess, Agent API', () => {
  it.each([
    ['one of the scopes', { scopes: ['read', 'write:clubs'] }],
    ['the scope admin', { scopes: ['admin'] }],
  ])('lets a key in that has %s', (_name, changes) => {
    expect(refusalOf(createClub, changes)).toBeUndefined();
  });

  it('names the scopes of which any one would do', () => {
    expect(refusalOf(createClub, { scopes: ['read'] })).toEqual({
      code: 'AUTH_INSUFFICIENT_SCOPE',
      details: { required_scopes: createClub.scopes, key_scopes: ['read'] },
    });
  });

  it('refuses the key of another role, whatever its scopes', () => {
    expect(refusalOf(listPartners, { scopes: ['admin'] })).toEqual({
      code: 'AUTH_WRONG_ROLE',
      details: { key_role: 'partner', required_role: 'admin' },
    });
  });

  it.each(['suspended', 'pending'] as const)('refuses a partner that is %s, before everything else', (status) => {
    expect(refusalOf(listPartners, { partner: { status } })).toEqual({
      code: 'AUTH_OWNER_INACTIVE',
      details: { account: 'partner' },
    });
  });

  it('opens health to keys of every role and without scopes', () => {
    expect(refusalOf(health, { scopes: [] })).toBeUndefined();
    expect(refusalOf(health, { role: 'admin', scopes: [], partner: null })).toBeUndefined();
  });

  it('closes everything of a partner without the Agent API, health too', () => {
    const changes = { partner: { gates: gatesWith('agent_api_permission', false) } };

    expect(refusalOf(health, changes)).toEqual({ code: 'FEATURE_DISABLED', details: { feature: 'agent_api' } });
  });

  it('closes everything of a deployment without the Agent API, for admins too', () => {
    const changes: KeyChanges = { role: 'admin', scopes: ['admin'], partner: null };

    expect(refusalOf(listPartners, changes, { isAgentApiOn: false })).toMatchObject({ code: 'FEATURE_DISABLED' });
    expect(() => checkAgentApi({ ...settings, isAgentApiOn: false })).toThrow();
  });

  it('closes a resource whose gate is shut, and leaves health open', () => {
    const changes = { scopes: ['admin'], partner: { gates: gatesWith('loyalty_cards_permission', false) } };

    expect(refusalOf(purchase, changes)).toEqual({ code: 'FEATURE_DISABLED', details: { feature: 'loyalty_cards' } });
    expect(refusalOf(health, changes)).toBeUndefined();
  });

  it('looks at scopes before gates', () => {
    const changes = { scopes: [], partner: { gates: gatesWith('loyalty_cards_permission', false) } };

    expect(refusalOf(purchase, changes)).toMatchObject({ code: 'AUTH_INSUFFICIENT_SCOPE' });
  });
});

describe('checkAccess, Partner API', () => {
  const pair = { kind: 'api_key', scopes: [], permissions: ['analytics:read'] } as const;
  const changes = { ...pair, scopes: [], permissions: ['analytics:read'] };

  it('lets a key pair in that has the permission', () => {
    expect(refusalOf(overview, changes)).toBeUndefined();
  });

  it('names the permission that is missing', () => {
    expect(refusalOf(overview, { ...changes, permissions: ['shops:read'] })).toEqual({
      code: 'AUTH_INSUFFICIENT_SCOPE',
      details: { required_permissions: ['analytics:read'], reason: 'permission_missing' },
    });
  });

  it('refuses X-Partner-ID of another partner, before permissions', () => {
    const denied = { ...changes, permissions: [] };

    expect(refusalOf(overview, denied, { partnerId: 'other' })).toMatchObject({ code: 'PARTNER_MISMATCH' });
    expect(refusalOf(overview, changes, { partnerId: givenKeyRecord().partner!.id.toUpperCase() })).toBeUndefined();
  });

  it('is open without the Agent API', () => {
    const closed = { ...changes, partner: { gates: gatesWith('agent_api_permission', false) } };

    expect(refusalOf(overview, closed, { isAgentApiOn: false })).toBeUndefined();
  });

  it('asks for the plan that an endpoint needs', () => {
    const endpoint: Endpoint = { ...overview, plan: 'enterprise' };

    expect(refusalOf(endpoint, { ...changes, partner: { plan: 'professional' } })).toEqual({
      code: 'PARTNER_TIER_REQUIRED',
      details: { current_tier: 'professional', required_tier: 'enterprise', upgrade_url: settings.upgradeUrl },
    });
    expect(refusalOf(endpoint, changes)).toBeUndefined();
  });
});
