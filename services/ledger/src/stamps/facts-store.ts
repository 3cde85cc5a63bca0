import type { Tx } from '@punchcard/database';
import { noStamps, type KeptStamps, type StampBooks } from './order-rules.ts';
import type { AskedStamps } from './asked-rules.ts';
import { named } from '../booking/rules.ts';
import type { OpenStamps, Progress, StampCard } from './rules.ts';

/**
 * Stamp cards of which club and partner are known too. Read before the locks, since they say which accounts to lock; that
 * they are a moment old is what a copy is anyway. Only whether one was closed is asked again under the locks.
 */
export async function findStampCards(tx: Tx, { cards }: AskedStamps): Promise<StampCard[]> {
  return tx<StampCard[]>`
    select
      s.partner_id, s.stamp_card_id, s.club_id, s.titles, s.reward_titles, s.stamps_required, s.stamps_per_purchase,
      s.min_purchase_minor, s.currency, s.max_stamps_per_transaction, s.max_stamps_per_day, s.stamps_expire_days,
      s.reward_points, s.reward_card_id, s.requires_physical_claim, s.valid_from, s.valid_until, s.is_active,
      clubs.is_active as club_is_active, s.is_deleted as is_gone, partners.time_zone, partners.locale
    from unnest(
      ${cards.map(({ partnerId }) => partnerId)}::uuid[],
      ${cards.map(({ id }) => id)}::uuid[]
    ) as q (partner_id, stamp_card_id)
    join stamp_cards s using (partner_id, stamp_card_id)
    join clubs on clubs.partner_id = s.partner_id and clubs.club_id = s.club_id
    join partners on partners.partner_id = s.partner_id
  `;
}

/** Those that were closed. To be asked once their locks are held (`holdShared`). */
export async function findClosed(
  tx: Tx,
  { cards }: AskedStamps,
): Promise<{ partnerId: string; stampCardId: string }[]> {
  return tx<{ partnerId: string; stampCardId: string }[]>`
    select c.partner_id, c.stamp_card_id
    from unnest(
      ${cards.map(({ partnerId }) => partnerId)}::uuid[],
      ${cards.map(({ id }) => id)}::uuid[]
    ) as q (partner_id, stamp_card_id)
    join closed_stamp_cards c using (partner_id, stamp_card_id)
  `;
}

export type ProgressRow = Omit<Progress, 'open' | 'isNew'> & { openStamps: OpenRow[] };

export interface OpenRow {
  event: string;
  stamps: number;
  expires_at: string | null;
}

/** The second lock of a batch, after the standings. */
export async function lockProgresses(tx: Tx, { progresses }: AskedStamps, isDry = false): Promise<ProgressRow[]> {
  return tx<ProgressRow[]>`
    select
      p.partner_id, p.member_id, p.stamp_card_id, p.open_stamps, p.stamps_required, p.completed_count, p.pending_rewards,
      p.seq, p.last_stamp_at, p.last_event_at, p.day, p.day_stamps, p.created_at
    from (
      select distinct m.partner_id, m.member_id, q.stamp_card_id
      from unnest(
        ${progresses.map(({ partnerId }) => partnerId)}::uuid[],
        ${progresses.map(({ identifier }) => identifier)}::text[],
        ${progresses.map(({ stampCardId }) => stampCardId)}::uuid[]
      ) as q (partner_id, identifier, stamp_card_id)
      join member_identifiers m using (partner_id, identifier)
    ) q
    join stamp_progress p using (partner_id, member_id, stamp_card_id)
    order by p.partner_id, p.member_id, p.stamp_card_id
    ${isDry ? tx`` : tx`for update of p`}
  `;
}

type ReferenceRow = KeptStamps & { partnerId: string; kind: string; reference: string };

export async function findStampReferences(tx: Tx, { references }: AskedStamps): Promise<ReferenceRow[]> {
  return tx<ReferenceRow[]>`
    select
      e.partner_id, e.kind, e.reference, e.stamp_event_id, e.member_id, e.stamp_card_id, e.asked_stamps, e.purchase_minor,
      e.answer as data
    from unnest(
      ${references.map(({ partnerId }) => partnerId)}::uuid[],
      ${references.map(({ kind }) => kind)}::text[],
      ${references.map(({ reference }) => reference)}::text[]
    ) as q (partner_id, kind, reference)
    cross join lateral (
      select *
      from stamp_events e
      where e.partner_id = q.partner_id and e.kind = q.kind and e.reference = q.reference and e.reference is not null
      limit 1
    ) e
  `;
}

/** What the rows of one batch are to its rules. */
export function toStampBooks(rows: {
  stampCards: readonly StampCard[];
  closed: readonly { partnerId: string; stampCardId: string }[];
  progresses: readonly ProgressRow[];
  stampReferences: readonly ReferenceRow[];
}): StampBooks {
  if (rows.stampCards.length === 0) return noStamps();
  const closed = new Set(rows.closed.map((card) => named(card.partnerId, card.stampCardId)));
  return {
    cards: new Map(
      rows.stampCards.map((card) => {
        const name = named(card.partnerId, card.stampCardId);
        return [name, { ...card, isGone: card.isGone || closed.has(name) }];
      }),
    ),
    progresses: new Map(rows.progresses.map((row) => [nameOf(row), toProgress(row)])),
    references: new Map(rows.stampReferences.map((row) => [named(row.partnerId, row.kind, row.reference), row])),
  };
}

const nameOf = ({ partnerId, memberId, stampCardId }: ProgressRow): string => named(partnerId, memberId, stampCardId);

const toProgress = ({ openStamps, ...row }: ProgressRow): Progress => ({
  ...row,
  open: openStamps.map(toOpen),
  isNew: false,
});

/** Stamps as they are kept. */
export const toOpen = ({ event, stamps, expires_at: expiresAt }: OpenRow): OpenStamps => ({
  ...{ eventId: event, stamps, expiresAt: expiresAt === null ? null : new Date(expiresAt) },
});
