import type { Caller } from '@punchcard/contracts';

/** A caller without a key: known by its address. */
export const publicCaller = (requestId: string, address: string): Caller => ({
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
  request_id: requestId,
  ip: address,
});
