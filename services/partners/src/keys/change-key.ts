import { AppError, invalid, notFound } from '@punchcard/contracts';
import type { Tx } from '@punchcard/database';
import { mintKey } from './mint-key.ts';
import { hasOtherManager, lockKey, queueForAdminKeys } from './platform-store.ts';
import {
  managesKeys,
  memberKeyEnd,
  mustBeAhead,
  mustBeInUse,
  mustNotExceed,
  mustNotOutliveRotation,
  overlapEnd,
  scopesFor,
} from './rules.ts';
import { insertKey, saveKey, type AgentKey } from './store.ts';

export interface KeyChange {
  name?: string | undefined;
  preset?: string | undefined;
  scopes?: string[] | undefined;
  rateLimit?: number | undefined;
  expiresAt?: Date | null | undefined;
}

interface Update {
  keyId: string;
  change: KeyChange;
  /** Of the calling key: an admin key can be given no more than it has. */
  ownScopes: readonly string[];
  now: Date;
}

/** Changes a key of any role in use; member keys their name and end only. The last admin key that can make keys goes on to. */
export async function updateKey(tx: Tx, { keyId, change, ownScopes, now }: Update) {
  const rights = change.preset !== undefined || change.scopes !== undefined;
  if (rights) await queueForAdminKeys(tx);
  const before = await getLocked(tx, keyId);
  mustBeInUse(before, now);
  if (Object.values(change).every((value) => value === undefined)) return { key: before, changed: false };
  const { name = before.name, rateLimit = before.rateLimit, preset, scopes } = change;
  if (before.role === 'member' && (rights || change.rateLimit !== undefined)) {
    throw invalid(rights ? (preset === undefined ? 'scopes' : 'preset') : 'rate_limit', 'is fixed for member keys');
  }
  const key = {
    ...before,
    name,
    rateLimit,
    scopes: rights ? scopesFor(before.role, { preset, scopes }) : before.scopes,
    expiresAt: changedEnd(before, change.expiresAt, now),
  };
  if (rights && key.role === 'admin') mustNotExceed(key.scopes, ownScopes);
  if (rights && !managesKeys(key, now)) await mustLeaveManager(tx, before, now);
  await saveKey(tx, key);
  return { key, changed: true };
}

function changedEnd(before: AgentKey, asked: Date | null | undefined, now: Date): Date | null {
  if (asked === undefined) return before.expiresAt;
  if (before.role !== 'member') mustBeAhead('expires_at', asked, now);
  const end = before.role === 'member' ? memberKeyEnd(asked ?? undefined, now) : asked;
  mustNotOutliveRotation(before, end);
  return end;
}

interface Rotation {
  keyId: string;
  ownScopes: readonly string[];
  overlapSeconds: number;
  pepper: string;
  now: Date;
}

/** A new key in the place of one in use, which works on for the overlap. The new one has the old one's end, if that had any. */
export async function rotateKey(tx: Tx, { keyId, ownScopes, overlapSeconds, pepper, now }: Rotation) {
  const before = await getLocked(tx, keyId);
  if (before.role === 'admin') mustNotExceed(before.scopes, ownScopes);
  mustBeInUse(before, now, { fresh: true });
  const { partnerId, role, memberId, name, scopes, rateLimit, expiresAt } = before;
  const { key, text } = mintKey(pepper, { partnerId, role, memberId, name, scopes, rateLimit, expiresAt, now });
  const replaced = { ...before, rotatedTo: key.keyId, expiresAt: overlapEnd(expiresAt, overlapSeconds, now) };
  await insertKey(tx, key);
  await saveKey(tx, replaced);
  return { key, text, replaced };
}

/** Ends a key at once. The last admin key that could make another stays. */
export async function revokeKey(tx: Tx, { keyId, now }: { keyId: string; now: Date }): Promise<AgentKey> {
  await queueForAdminKeys(tx);
  const before = await getLocked(tx, keyId);
  if (before.revokedAt) throw notFound('agent_key', keyId);
  await mustLeaveManager(tx, before, now);
  const key = { ...before, revokedAt: now };
  await saveKey(tx, key);
  return key;
}

/** Without an admin key that can make keys, nobody but an operator could ever make one again. */
async function mustLeaveManager(tx: Tx, key: AgentKey, now: Date): Promise<void> {
  if (!managesKeys(key, now) || (await hasOtherManager(tx, key.keyId, now))) return;
  throw new AppError('CONFLICT', { details: { reason: 'last_admin_key' } });
}

async function getLocked(tx: Tx, keyId: string): Promise<AgentKey> {
  const key = await lockKey(tx, keyId);
  if (!key) throw notFound('agent_key', keyId);
  return key;
}
