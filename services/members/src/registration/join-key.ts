import { newId, otherLimits, presetOf, presetsByRole, type Answer, type join } from '@punchcard/contracts';
import { keyHash, newKey, shownPrefixOf } from '@punchcard/service-kit';
import { keyEnd } from './rules.ts';

const scopes = [...presetsByRole.member['full_access']!];

/** The key of a registration: what `partners` keeps of it, and what the new member is shown once. */
export interface JoinKey {
  keyId: string;
  record: { name: string; prefix: string; hash: string; scopes: string[]; expires_at: string; created_at: string };
  shown: NonNullable<Answer<typeof join>['key']>;
}

export function mintJoinKey(pepper: string, now: Date): JoinKey {
  const text = newKey('member');
  const keyId = newId();
  const name = 'Registration';
  const prefix = shownPrefixOf(text);
  const at = { expires_at: keyEnd(now).toISOString(), created_at: now.toISOString() };
  return {
    keyId,
    record: { name, prefix, hash: keyHash(pepper, text), scopes, ...at },
    shown: {
      ...{ id: keyId, name, prefix, role: 'member', preset: presetOf('member', scopes), scopes, ...at },
      rate_limit: otherLimits.member.callsPerMinute,
      status: 'active',
      last_used_at: null,
      revoked_at: null,
      key: text,
    },
  };
}
