import { otherLimits, planLimits, type KeyRecord, type Plan, type PublicLimit } from '@punchcard/contracts';
import type { Subject, Window } from '../limits/admission.ts';

/** What `X-RateLimit-Tier` says. */
export type Tier = Plan | 'member' | 'admin' | 'public';

/** Limits of this deployment: of callers without a key, per address, and whether hours are counted. */
export interface LimitSettings extends Record<PublicLimit, PublicLimits> {
  failuresPerMinute: number;
  isStaging: boolean;
}

interface PublicLimits {
  callsPerHour: number;
  callsPerMinute: number;
  requestsAtOnce: number;
}

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

const hour = (key: string, quota: number): Window => ({ policy: 'hour', key, quota, windowMs: HOUR_MS });
const minute = (key: string, quota: number): Window => ({ policy: 'minute', key, quota, windowMs: MINUTE_MS });

export const tierOf = ({ role, partner }: KeyRecord): Tier =>
  role === 'partner' ? (partner?.plan ?? 'standard') : role;

/**
 * What a key's calls are counted against (contract 1.4): the partner's hour and slots are shared by both APIs and all its keys, the
 * minute is the key's own. On staging there is no hourly limit unless the partner is marked.
 */
export function subjectOfKey(record: KeyRecord, { isStaging }: Pick<LimitSettings, 'isStaging'>): Subject {
  const { key_id: keyId, role, rate_limit: perMinute, partner } = record;
  const isCounted = !isStaging || partner?.limited === true;
  if (role === 'partner' && partner) {
    const { callsPerHour, requestsAtOnce } = planLimits[partner.plan];
    const tag = `{p:${partner.id}}`;
    return {
      windows: [{ ...hour(`${tag}:hour`, callsPerHour), isCounted }, minute(`${tag}:minute:${keyId}`, perMinute)],
      slots: { key: `${tag}:slots`, limit: requestsAtOnce },
    };
  }
  const { callsPerHour, callsPerMinute, requestsAtOnce } = otherLimits[role === 'admin' ? 'admin' : 'member'];
  const tag = `{k:${keyId}}`;
  return {
    windows: [
      { ...hour(`${tag}:hour`, callsPerHour), isCounted },
      minute(`${tag}:minute`, role === 'admin' ? perMinute : callsPerMinute),
    ],
    slots: { key: `${tag}:slots`, limit: requestsAtOnce },
  };
}

/** What a call without a key is counted against: its address. */
export function subjectOfAddress(address: string, use: PublicLimit, limits: LimitSettings): Subject {
  const { callsPerHour, callsPerMinute, requestsAtOnce } = limits[use];
  const tag = `{ip:${address}}`;
  return {
    windows: [
      { ...hour(`${tag}:${use}:hour`, callsPerHour), isCounted: !limits.isStaging },
      minute(`${tag}:${use}:minute`, callsPerMinute),
    ],
    slots: { key: `${tag}:${use}:slots`, limit: requestsAtOnce },
  };
}

/** What failed authentications of an address are counted against, and what is shown to who is not yet known. */
export const subjectOfFailures = (address: string, { failuresPerMinute }: LimitSettings): Subject => ({
  windows: [{ policy: 'ip', key: `{ip:${address}}:failures`, quota: failuresPerMinute, windowMs: MINUTE_MS }],
  slots: null,
});
