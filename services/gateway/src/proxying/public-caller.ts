import type { StandingCaller } from '@punchcard/service-kit';

/** A caller without a key: known by its address. */
export const publicCaller: StandingCaller = {
  role: 'public',
  via: 'none',
  partner_id: null,
  member_id: null,
  key_id: null,
  key_name: null,
  scopes: [],
  permissions: [],
  shop_ids: null,
  partner: null,
};
