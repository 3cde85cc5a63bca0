import type { PartnerGates, Plan } from '@punchcard/contracts';
import type { Sql, Tx } from '@punchcard/database';

export interface Partner {
  partnerId: string;
  name: string;
  slug: string;
  email: string;
  phone: string | null;
  tier: Plan;
  status: 'active' | 'pending' | 'suspended';
  limited: boolean;
  networkId: string | null;
  currency: string;
  timeZone: string;
  locale: string;
  gates: PartnerGates;
  isDeleted: boolean;
  createdAt: Date;
  updatedAt: Date;
}

/** Inserts a new partner unless its slug is taken. */
export async function insertPartner(tx: Tx, partner: Partner): Promise<boolean> {
  const inserted = await tx`
    insert into partners ${tx(row(tx, partner))}
    on conflict (slug) do nothing
    returning 1
  `;
  return inserted.length === 1;
}

/** Locks a partner that is not deleted, for a change of it or of what is counted by it. */
export async function lockPartner(tx: Tx, partnerId: string): Promise<Partner | undefined> {
  const [partner] = await tx<Partner[]>`
    select partner_id, name, slug, email, phone, tier, status, limited, network_id, currency, time_zone, locale, gates,
      is_deleted, created_at, updated_at
    from partners
    where partner_id = ${partnerId} and not is_deleted
    for update
  `;
  return partner;
}

export async function findPartner(sql: Sql, partnerId: string): Promise<{ partnerId: string } | undefined> {
  const [partner] = await sql<{ partnerId: string }[]>`
    select partner_id
    from partners
    where partner_id = ${partnerId} and not is_deleted
  `;
  return partner;
}

/** Whether a partner is active now; it stays so until the transaction ends. Many transactions may hold it at once. */
export async function holdActivePartner(tx: Tx, partnerId: string): Promise<boolean> {
  const held = await tx`
    select 1
    from partners
    where partner_id = ${partnerId} and status = 'active' and not is_deleted
    for share
  `;
  return held.length === 1;
}

/** Throws 23505 `partners_slug` when a changed slug is taken. */
export async function savePartner(tx: Tx, partner: Partner): Promise<void> {
  await tx`
    update partners
    set ${tx(row(tx, partner))}
    where partner_id = ${partner.partnerId}
  `;
}

const row = (tx: Tx, { gates, ...partner }: Partner) => ({ ...partner, gates: tx.json({ ...gates }) });
