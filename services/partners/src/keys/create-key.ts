import { PLATFORM_ID, notFound } from '@punchcard/contracts';
import type { Sql, Tx } from '@punchcard/database';
import { findPartner, lockPartner } from '../partners/store.ts';
import { memberRateLimit, mintKey } from './mint-key.ts';
import { memberKeyEnd, mustBeAhead, mustFit, mustNotExceed, scopesFor } from './rules.ts';
import { countKeys, insertKey, revokeMemberKeys } from './store.ts';

/** Keys that a member may have in use (contract 1.6). */
const MEMBER_KEYS = 3;

interface Order {
  partnerId: string;
  name: string;
  preset: string | undefined;
  scopes: string[] | undefined;
  rateLimit: number;
  expiresAt: Date | null;
  now: Date;
}

/** A key for a partner, within its `agent_keys_limit`: the partner's row is locked, so parallel calls count one another. */
export async function createPartnerKey(tx: Tx, { pepper, order }: { pepper: string; order: Order }) {
  const { preset, scopes, ...rest } = order;
  const { partnerId, now, expiresAt } = rest;
  const given = scopesFor('partner', { preset, scopes });
  mustBeAhead('expires_at', expiresAt, now);
  const partner = await lockPartner(tx, partnerId);
  if (!partner) throw notFound('partner', partnerId);
  const current = await countKeys(tx, { partnerId, role: 'partner', now });
  mustFit('agent_keys_limit', partner.gates.agent_keys_limit, current);
  const minted = mintKey(pepper, { ...rest, role: 'partner', memberId: null, scopes: given });
  await insertKey(tx, minted.key);
  return minted;
}

interface AdminOrder {
  pepper: string;
  order: Order;
  /** Of the calling key; null when an operator asks. */
  ownScopes: readonly string[] | null;
}

/** A key for the platform, not wider than the one that asks. */
export async function createAdminKey(tx: Tx, { pepper, order, ownScopes }: AdminOrder) {
  const { preset, scopes, ...rest } = order;
  const given = scopesFor('admin', { preset, scopes });
  if (ownScopes) mustNotExceed(given, ownScopes);
  mustBeAhead('expires_at', rest.expiresAt, rest.now);
  const minted = mintKey(pepper, { ...rest, partnerId: PLATFORM_ID, role: 'admin', memberId: null, scopes: given });
  await insertKey(tx, minted.key);
  return minted;
}

interface MemberOrder {
  partnerId: string;
  memberId: string;
  name: string;
  preset: string | undefined;
  scopes: string[] | undefined;
  expiresAt: Date | undefined;
  /** Whether the member's other keys end. */
  replace: boolean;
  now: Date;
}

interface MemberKeyOrder {
  pepper: string;
  order: MemberOrder;
  /** Of the calling key; null when an admin asks. */
  ownScopes: readonly string[] | null;
}

/** A key for a member, not wider than the one of theirs that asks; the others end, or at most three stay in use. */
export async function createMemberKey(tx: Tx, { pepper, order, ownScopes }: MemberKeyOrder) {
  const { partnerId, memberId, name, preset, scopes, expiresAt, replace, now } = order;
  const given = scopesFor('member', { preset, scopes });
  if (ownScopes) mustNotExceed(given, ownScopes);
  const end = memberKeyEnd(expiresAt, now);
  if (!(await lockPartner(tx, partnerId))) throw notFound('partner', partnerId);
  const minted = mintKey(pepper, {
    ...{ partnerId, memberId, name, scopes: given, expiresAt: end, now },
    ...{ role: 'member', rateLimit: memberRateLimit },
  });
  const revoked = replace ? await revokeMemberKeys(tx, { partnerId, memberId, except: minted.key.keyId, now }) : [];
  if (!replace)
    mustFit('member_keys_limit', MEMBER_KEYS, await countKeys(tx, { partnerId, role: 'member', memberId, now }));
  await insertKey(tx, minted.key);
  return { ...minted, revoked };
}

/** 404 of a partner that is not there, for lists of what belongs to it. */
export async function mustExist(sql: Sql, partnerId: string): Promise<void> {
  if (!(await findPartner(sql, partnerId))) throw notFound('partner', partnerId);
}
