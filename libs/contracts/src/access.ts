/** Scopes of the Agent API (contract 1.7), by the role that may hold them. */
export const scopesByRole = {
  partner: [
    'read',
    'write:clubs',
    'write:cards',
    'write:rewards',
    'write:stamps',
    'write:vouchers',
    'write:tiers',
    'write:staff',
    'write:transactions',
    'admin',
  ],
  member: ['read', 'write:profile', 'write:redeem', 'admin'],
  admin: ['read', 'write:partners', 'write:keys', 'admin'],
} as const;

export type KeyRole = keyof typeof scopesByRole;
export type Scope = (typeof scopesByRole)[KeyRole][number];

const partnerWrites = scopesByRole.partner.filter((scope) => scope.startsWith('write:'));

/** Presets of the Agent API by role: slug > scopes. A key shows a preset when its scopes equal one. */
export const presetsByRole: Readonly<Record<KeyRole, Readonly<Record<string, readonly Scope[]>>>> = {
  partner: {
    view_only: ['read'],
    point_of_sale: ['read', 'write:transactions', 'write:rewards'],
    point_of_sale_plus: ['read', 'write:transactions', 'write:rewards', 'write:vouchers', 'write:stamps'],
    full_management: ['read', ...partnerWrites],
    full: ['admin'],
  },
  member: { view_only: ['read'], full_access: ['read', 'write:profile', 'write:redeem'] },
  admin: { view_only: ['read'], full: ['admin'] },
};

/** The slug of the preset that has exactly these scopes, or null. */
export function presetOf(role: KeyRole, scopes: readonly string[]): string | null {
  const wanted = [...scopes].sort().join();
  const presets = Object.entries(presetsByRole[role]);
  return presets.find(([, preset]) => [...preset].sort().join() === wanted)?.[0] ?? null;
}

/** Permissions of the Partner API (partner contract 1.6). */
export const partnerPermissions = [
  'profile:read',
  'profile:write',
  'shops:read',
  'shops:write',
  'customers:read',
  'customers:write',
  'segments:read',
  'segments:write',
  'points:award',
  'points:adjust',
  'transactions:read',
  'transactions:write',
  'redemptions:write',
  'campaigns:read',
  'campaigns:write',
  'analytics:read',
  'reports:write',
  'staff:read',
  'staff:write',
  'roles:read',
  'roles:write',
  'audit:read',
  'settings:read',
  'settings:write',
  'webhooks:read',
  'webhooks:write',
  'events:read',
  'white_label:read',
  'white_label:write',
  'integrations:read',
  'integrations:write',
  'compliance:read',
  'compliance:write',
  'api_keys:read',
  'api_keys:write',
  'jobs:read',
  'jobs:write',
] as const;

export type Permission = (typeof partnerPermissions)[number];
