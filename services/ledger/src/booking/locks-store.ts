import type { Tx } from '@punchcard/database';
import type { Asked } from './asked-rules.ts';
import type { MatchedBy } from './rules.ts';

export interface MatchRow {
  partnerId: string;
  identifier: string;
  memberId: string;
  kind: MatchedBy;
  isFindable: boolean;
}

export interface StandingRow {
  partnerId: string;
  memberId: string;
  lifetimePoints: number;
  tierId: string | null;
  clubs: Record<string, { lifetime_points: number; tier_id: string | null }>;
  uses: Record<string, number>;
  tierMoves: number;
}

export interface AccountRow {
  partnerId: string;
  memberId: string;
  cardId: string;
  clubId: string;
  currency: string;
  balance: number;
  seq: number;
  hasPurchased: boolean;
  lastEntryAt: Date;
}

export interface CounterRow {
  partnerId: string;
  id: string;
  used: number;
}

/**
 * The locks of a batch in the one order of all processes: standings, progress on stamp cards, accounts, then what many members share. Each is a
 * statement of its own, since a statement sees other tables as they were before it waited. A member whose identifier
 * changes between two of them looks new: saving then meets a unique key, and the batch runs again.
 */
export async function findMatches(tx: Tx, { accounts }: Asked): Promise<MatchRow[]> {
  return tx<MatchRow[]>`
    select distinct m.partner_id, m.identifier, m.member_id, m.kind, m.is_findable
    from ${named(tx, accounts)}
    join member_identifiers m using (partner_id, identifier)
  `;
}

export async function lockStandings(tx: Tx, { accounts, isDry }: Asked): Promise<StandingRow[]> {
  return tx<StandingRow[]>`
    select s.partner_id, s.member_id, s.lifetime_points, s.tier_id, s.clubs, s.uses, s.tier_moves
    from (
      select distinct m.partner_id, m.member_id
      from ${named(tx, accounts)}
      join member_identifiers m using (partner_id, identifier)
    ) q
    join member_standings s using (partner_id, member_id)
    order by s.partner_id, s.member_id
    ${isDry ? tx`` : tx`for update of s`}
  `;
}

export async function lockAccounts(tx: Tx, { accounts, isDry }: Asked): Promise<AccountRow[]> {
  return tx<AccountRow[]>`
    select a.partner_id, a.member_id, a.card_id, a.club_id, a.currency, a.balance, a.seq, a.has_purchased, a.last_entry_at
    from (
      select distinct m.partner_id, m.member_id, q.card_id
      from ${named(tx, accounts)}
      join member_identifiers m using (partner_id, identifier)
    ) q
    join accounts a using (partner_id, member_id, card_id)
    order by a.partner_id, a.member_id, a.card_id
    ${isDry ? tx`` : tx`for update of a`}
  `;
}

/**
 * Shared among batches, exclusive for those who close a card or a stamp card or give a reward a limit: these see no batch half done, and
 * no batch sees half of theirs.
 */
export async function holdShared(tx: Tx, { cards, rewards, stamps, isDry }: Asked): Promise<void> {
  if (isDry) return;
  const held = [...cards, ...rewards, ...stamps.cards];
  await tx`
    select pg_advisory_xact_lock_shared(hashtextextended(q.partner_id || ' ' || q.id, 0))
    from unnest(
      ${held.map(({ partnerId }) => partnerId)}::text[],
      ${held.map(({ id }) => id)}::text[]
    ) as q (partner_id, id)
  `;
}

/** The other side of `holdShared`: waits for the batches that hold it, and keeps others out to the end of the transaction. */
export async function holdAlone(tx: Tx, partnerId: string, id: string): Promise<void> {
  await tx`
    select pg_advisory_xact_lock(hashtextextended(q.partner_id || ' ' || q.id, 0))
    from (values (${partnerId}::text, ${id}::text)) as q (partner_id, id)
  `;
}

export async function lockCounters(tx: Tx, { rewards, isDry }: Asked): Promise<CounterRow[]> {
  return tx<CounterRow[]>`
    select c.partner_id, c.id, c.used
    from unnest(
      ${rewards.map(({ partnerId }) => partnerId)}::uuid[],
      ${rewards.map(({ id }) => id)}::uuid[]
    ) as q (partner_id, id)
    join counters c using (partner_id, id)
    where c.kind = 'reward'
    order by c.partner_id, c.id
    ${isDry ? tx`` : tx`for update of c`}
  `;
}

const named = (tx: Tx, accounts: Asked['accounts']) => tx`
  unnest(
    ${accounts.map(({ partnerId }) => partnerId)}::uuid[],
    ${accounts.map(({ identifier }) => identifier)}::text[],
    ${accounts.map(({ cardId }) => cardId)}::uuid[]
  ) as q (partner_id, identifier, card_id)
`;
