import { newId, notFound, type PartnerGates } from '@punchcard/contracts';
import type { Tx } from '@punchcard/database';
import { dropIfEmpty, ensureNetwork } from '../networks/platform-store.ts';
import { slugTaken } from './create-partner.ts';
import { findBySlug } from './platform-store.ts';
import { lockPartner, savePartner, type Partner } from './store.ts';

export type PartnerChange = Partial<
  Pick<
    Partner,
    'name' | 'slug' | 'email' | 'phone' | 'tier' | 'status' | 'limited' | 'currency' | 'timeZone' | 'locale'
  >
> & { network?: string | null; gates?: Partial<PartnerGates> };

/** Changes what is given. @returns the new state, or null when nothing was given and so nothing changed */
export async function updatePartner(
  tx: Tx,
  { partnerId, change, now }: { partnerId: string; change: PartnerChange; now: Date },
) {
  const before = await lockPartner(tx, partnerId);
  if (!before) throw notFound('partner', partnerId);
  const { network, gates, ...rest } = change;
  if (Object.keys(change).length === 0) return { partner: before, changed: false };
  if (rest.slug !== undefined && rest.slug !== before.slug && (await findBySlug(tx, rest.slug))) {
    throw await slugTaken(tx, rest.slug);
  }
  const networkId =
    network === undefined
      ? before.networkId
      : network === null
        ? null
        : await ensureNetwork(tx, { networkId: newId(), name: network, now });
  const partner = { ...before, ...rest, networkId, gates: { ...before.gates, ...gates }, updatedAt: now };
  await savePartner(tx, partner);
  if (before.networkId !== null && before.networkId !== networkId) await dropIfEmpty(tx, before.networkId);
  return { partner, changed: true };
}
