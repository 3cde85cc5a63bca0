import type { PartnerGates } from '@punchcard/contracts';
import type { Sql, Tx } from '@punchcard/database';

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

export interface CardCopy {
  partnerId: string;
  cardId: string;
  isDeleted: boolean;
  sequence: number;
}

export async function saveCard(tx: Tx, card: CardCopy): Promise<void> {
  await tx`
    insert into cards ${tx({ ...card })}
    on conflict (partner_id, card_id) do update
    set is_deleted = excluded.is_deleted, sequence = excluded.sequence
    where cards.sequence < excluded.sequence
  `;
}

export async function hasCard(sql: Sql, partnerId: string, cardId: string): Promise<boolean> {
  const cards = await sql`
    select 1
    from cards
    where partner_id = ${partnerId} and card_id = ${cardId} and not is_deleted
  `;
  return cards.length > 0;
}
