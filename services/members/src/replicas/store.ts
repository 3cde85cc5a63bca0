import type { PartnerGates } from '@punchcard/contracts';
import type { Tx } from '@punchcard/database';

export interface PartnerCopy {
  partnerId: string;
  name: string;
  slug: string;
  status: string;
  locale: string;
  timeZone: string;
  gates: PartnerGates;
  isDeleted: boolean;
  sequence: number;
}

/** Keeps the newest state; an older event that arrives late changes nothing. */
export async function savePartner(tx: Tx, { gates, ...partner }: PartnerCopy): Promise<void> {
  await tx`
    insert into partners ${tx({ ...partner, gates: tx.json({ ...gates }) })}
    on conflict (partner_id) do update
    set name = excluded.name, slug = excluded.slug, status = excluded.status, locale = excluded.locale,
      time_zone = excluded.time_zone, gates = excluded.gates, is_deleted = excluded.is_deleted, sequence = excluded.sequence
    where partners.sequence < excluded.sequence
  `;
}
