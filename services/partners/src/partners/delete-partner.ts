import { AppError, invalid, notFound } from '@punchcard/contracts';
import type { Tx } from '@punchcard/database';
import { revokeAllKeys } from '../keys/store.ts';
import { revokeAllPairs } from '../api-keys/store.ts';
import { dropIfEmpty } from '../networks/platform-store.ts';
import { lockPartner, savePartner, type Partner } from './store.ts';

/** Ends a suspended partner: its keys stop at once, its slug stays taken, its members are anonymised by the event. */
export async function deletePartner(
  tx: Tx,
  { partnerId, confirm, now }: { partnerId: string; confirm: string; now: Date },
): Promise<Partner> {
  const before = await lockPartner(tx, partnerId);
  if (!before) throw notFound('partner', partnerId);
  if (confirm !== before.slug) throw invalid('confirm', "must be the partner's slug");
  if (before.status !== 'suspended') {
    throw new AppError('CONFLICT', {
      details: { reason: 'not_suspended', current_state: before.status, allowed_states: ['suspended'] },
    });
  }
  const partner = { ...before, isDeleted: true, updatedAt: now };
  await savePartner(tx, partner);
  await revokeAllKeys(tx, partnerId, now);
  await revokeAllPairs(tx, partnerId, now);
  if (before.networkId !== null) await dropIfEmpty(tx, before.networkId);
  return partner;
}
