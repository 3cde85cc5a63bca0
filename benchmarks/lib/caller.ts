import { newId, partnerGates, type Caller } from '@punchcard/contracts';
import { signCaller } from '@punchcard/service-kit';

/** What the gateway says to a service of a partner's agent key that may do everything. */
export const partnerCaller = (partnerId: string): Caller => ({
  ...{ role: 'partner', via: 'agent_key', partner_id: partnerId, member_id: null, scopes: ['admin'], permissions: [] },
  ...{ key_id: newId(), key_name: 'benchmark', shop_ids: null, request_id: newId(), ip: '127.0.0.1' },
  partner: {
    ...{ id: partnerId, name: 'Benchmark', slug: `benchmark-${partnerId}`, plan: 'enterprise', currency: 'EUR' },
    ...{ time_zone: 'Europe/Vilnius', locale: 'en_US', gates: partnerGates.parse({}) },
  },
});

/** Signs for one endpoint of one service; good for 30 s. `callerSecrets` as in the environment: `kid:secret`. */
export function tokenOf(
  callerSecrets: string,
  caller: Caller,
  call: { audience: string; method: string; path: string },
): string {
  const [kid = '', secret = ''] = callerSecrets.split(',')[0]!.split(':');
  return signCaller(caller, call, [{ kid, secret }]);
}

/** What the gateway says to a service of a partner's key pair that may read analytics of all shops. */
export const officeCaller = (partnerId: string): Caller => {
  const { partner, ...caller } = partnerCaller(partnerId);
  return {
    ...caller,
    via: 'api_key',
    scopes: [],
    permissions: ['analytics:read'],
    partner: partner && { ...partner, time_zone: 'UTC' },
  };
};
