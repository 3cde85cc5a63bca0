import { AppError, newId, partnerGates, type CallerPartner, type PartnerGates } from '@punchcard/contracts';
import type { Sql, Tx } from '@punchcard/database';
import { ensureNetwork } from '../networks/platform-store.ts';
import { insertUser, type User } from '../users/store.ts';
import { findBySlug } from './platform-store.ts';
import { nthSlug, slugOf } from './rules.ts';
import { insertPartner, type Partner } from './store.ts';

export interface NewPartner {
  partnerId: string;
  name: string;
  email: string;
  slug: string | undefined;
  phone: string | null;
  tier: CallerPartner['plan'];
  status: Partner['status'];
  limited: boolean;
  network: string | null;
  currency: string;
  timeZone: string;
  locale: string;
  gates: Partial<PartnerGates>;
  owner: Omit<User, 'partnerId' | 'role' | 'createdAt'> | null;
  now: Date;
}

/** Makes a partner, with its network and its owner. A slug that was asked for must be free; one from the name gets a number. */
export async function createPartner(tx: Tx, asked: NewPartner): Promise<Partner> {
  const { partnerId, owner, now, network, slug, gates, ...rest } = asked;
  const networkId = network === null ? null : await ensureNetwork(tx, { networkId: newId(), name: network, now });
  const partner = {
    ...rest,
    partnerId,
    networkId,
    gates: partnerGates.parse(gates),
    isDeleted: false,
    createdAt: now,
    updatedAt: now,
  };
  const created = slug === undefined ? await insertUnderFreeSlug(tx, partner) : { ...partner, slug };
  if (slug !== undefined && !(await insertPartner(tx, { ...partner, slug }))) throw await slugTaken(tx, slug);
  if (owner) await insertUser(tx, { ...owner, partnerId, role: 'owner', createdAt: now });
  return created;
}

async function insertUnderFreeSlug(tx: Tx, partner: Omit<Partner, 'slug'>): Promise<Partner> {
  const wanted = slugOf(partner.name);
  for (let n = 1; n <= 1_000; n += 1) {
    const named = { ...partner, slug: nthSlug(wanted, n) };
    if (await insertPartner(tx, named)) return named;
  }
  throw new AppError('ALREADY_EXISTS', { details: { field: 'slug', existing_id: null } });
}

/** What a caller is told when a slug that it asked for has an owner. */
export async function slugTaken(tx: Tx | Sql, slug: string): Promise<AppError> {
  const existing = await findBySlug(tx, slug);
  return new AppError('ALREADY_EXISTS', { details: { field: 'slug', existing_id: existing?.partnerId ?? null } });
}
