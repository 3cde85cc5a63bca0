import { newId, otherLimits, type KeyRole } from '@punchcard/contracts';
import { keyHash, newKey, shownPrefixOf } from '@punchcard/service-kit';
import type { AgentKey } from './store.ts';

export interface KeyOrder {
  partnerId: string;
  role: KeyRole;
  memberId: string | null;
  name: string;
  scopes: string[];
  rateLimit: number;
  expiresAt: Date | null;
  now: Date;
}

/** A fresh key: the row to keep, and the text that is shown once. */
export function mintKey(pepper: string, { now, ...order }: KeyOrder): { key: AgentKey; text: string } {
  const text = newKey(order.role);
  const key = {
    ...order,
    keyId: newId(),
    prefix: shownPrefixOf(text),
    hash: keyHash(pepper, text),
    revokedAt: null,
    rotatedTo: null,
    lastUsedAt: null,
    createdAt: now,
  };
  return { key, text };
}

/** Member keys have a ceiling of their own (contract 1.4). */
export const memberRateLimit = otherLimits.member.callsPerMinute;
