import type { Statement, Tx } from '@punchcard/database';
import { insertProgresses, insertStampEvents, updateProgresses } from '../stamps/save-store.ts';
import type { Announcing } from './events.ts';
import type { Entry, Journal } from './journal-rules.ts';
import type { Account, Standing } from './rules.ts';

const rows = (of: readonly unknown[]): string => JSON.stringify(of);

/** Rows in one order for all processes, so that two that open the same ones wait for each other instead of dead-locking. */
const byName = <T extends { partnerId: string; memberId: string; cardId?: string }>(of: Iterable<T>): T[] =>
  [...of].toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
const nameOf = ({ partnerId, memberId, cardId = '' }: { partnerId: string; memberId: string; cardId?: string }) =>
  `${partnerId} ${memberId} ${cardId}`;

/**
 * Everything the batch decided and what it announces, to be sent together. Rows that were locked are updated, others
 * inserted: if another process opened one meanwhile, its unique key says so, and the batch runs again.
 */
export function save(tx: Tx, journal: Journal, announcing: Announcing): Statement[] {
  const { true: newStandings = [], false: standings = [] } = Object.groupBy(byName(journal.standings), isNew);
  const { true: newAccounts = [], false: accounts = [] } = Object.groupBy(byName(journal.accounts), isNew);
  const { true: newProgresses = [], false: progresses = [] } = Object.groupBy(journal.progresses, isNew);
  const stampEvents = journal.facts.filter((fact) => fact.fact === 'stamps');
  const changed = [...journal.changed].filter(([lot]) => !journal.opened.has(lot));
  const entries = journal.facts.filter(({ fact }) => fact === 'entry').length;
  // What is written with the entries, where there are any.
  const unlessWith = (count: number) => (entries > 0 ? 0 : count);
  const statements: [count: number, write: () => Statement][] = [
    [newStandings.length, () => insertStandings(tx, newStandings)],
    [newAccounts.length, () => insertAccounts(tx, newAccounts)],
    [entries, () => insertEntries(tx, { standings, accounts, journal, announcing })],
    [unlessWith(standings.length), () => updateStandings(tx, standings)],
    [unlessWith(accounts.length), () => updateAccounts(tx, accounts)],
    [unlessWith(journal.opened.size), () => insertLots(tx, journal)],
    [changed.length, () => updateLots(tx, changed)],
    [journal.spends.length, () => insertSpends(tx, journal)],
    [journal.counters.size, () => updateCounters(tx, journal)],
    [newProgresses.length, () => insertProgresses(tx, newProgresses)],
    [progresses.length, () => updateProgresses(tx, progresses)],
    [stampEvents.length, () => insertStampEvents(tx, stampEvents)],
    [unlessWith(journal.keys.length), () => insertKeys(tx, journal)],
    [unlessWith(announcing.count), announcing.write],
  ];
  return statements.filter(([count]) => count > 0).map(([, write]) => write());
}

const isNew = (row: { isNew: boolean }): 'true' | 'false' => (row.isNew ? 'true' : 'false');

/** The same statements with nothing in their hands: they are planned before the first batch needs them. */
export function saveNothing(tx: Tx, nothing: Journal, announcing: Announcing): Statement[] {
  return [
    ...[insertStandings(tx, []), updateStandings(tx, []), insertAccounts(tx, []), updateAccounts(tx, [])],
    insertEntries(tx, { standings: [], accounts: [], journal: nothing, announcing }),
    ...[insertLots(tx, nothing), updateLots(tx, []), insertSpends(tx, nothing), updateCounters(tx, nothing)],
    ...[insertKeys(tx, nothing), announcing.write()],
    ...[insertProgresses(tx, []), updateProgresses(tx, []), insertStampEvents(tx, [])],
  ];
}

const clubsOf = ({ clubs }: Standing) =>
  Object.fromEntries(
    Object.entries(clubs).map(([id, { lifetimePoints, tierId }]) => [
      id,
      { lifetime_points: lifetimePoints, tier_id: tierId },
    ]),
  );

function insertStandings(tx: Tx, standings: readonly Standing[]): Statement {
  const records = standings.map((standing) => ({
    partner_id: standing.partnerId,
    member_id: standing.memberId,
    lifetime_points: standing.lifetimePoints,
    tier_id: standing.tierId,
    clubs: clubsOf(standing),
    uses: standing.uses,
    tier_moves: standing.tierMoves,
  }));
  return tx`
    insert into member_standings (partner_id, member_id, lifetime_points, tier_id, clubs, uses, tier_moves)
    select partner_id, member_id, lifetime_points, tier_id, clubs, uses, tier_moves
    from json_populate_recordset(null::member_standings, ${rows(records)}::text::json)
  `;
}

function updateStandings(tx: Tx, standings: readonly Standing[]): Statement {
  return tx`
    update member_standings s
    set
      lifetime_points = q.lifetime_points, tier_id = q.tier_id, clubs = q.clubs, uses = q.uses, tier_moves = q.tier_moves
    from unnest(
      ${standings.map(({ partnerId }) => partnerId)}::uuid[],
      ${standings.map(({ memberId }) => memberId)}::uuid[],
      ${standings.map(({ lifetimePoints }) => lifetimePoints)}::bigint[],
      ${standings.map(({ tierId }) => tierId)}::uuid[],
      ${standings.map((standing) => JSON.stringify(clubsOf(standing)))}::text[]::jsonb[],
      ${standings.map(({ uses }) => JSON.stringify(uses))}::text[]::jsonb[],
      ${standings.map(({ tierMoves }) => tierMoves)}::bigint[]
    ) as q (partner_id, member_id, lifetime_points, tier_id, clubs, uses, tier_moves)
    where s.partner_id = q.partner_id and s.member_id = q.member_id
  `;
}

function insertAccounts(tx: Tx, accounts: readonly Account[]): Statement {
  const records = accounts.map((account) => ({
    partner_id: account.partnerId,
    member_id: account.memberId,
    card_id: account.cardId,
    club_id: account.clubId,
    currency: account.currency,
    balance: account.balance,
    seq: account.seq,
    has_purchased: account.hasPurchased,
    last_entry_at: account.lastEntryAt,
  }));
  return tx`
    insert into accounts (partner_id, member_id, card_id, club_id, currency, balance, seq, has_purchased, last_entry_at)
    select partner_id, member_id, card_id, club_id, currency, balance, seq, has_purchased, last_entry_at
    from json_populate_recordset(null::accounts, ${rows(records)}::text::json)
  `;
}

function updateAccounts(tx: Tx, accounts: readonly Account[]): Statement {
  return tx`
    update accounts a
    set balance = q.balance, seq = q.seq, has_purchased = q.has_purchased, last_entry_at = q.last_entry_at
    from unnest(
      ${accounts.map(({ partnerId }) => partnerId)}::uuid[],
      ${accounts.map(({ memberId }) => memberId)}::uuid[],
      ${accounts.map(({ cardId }) => cardId)}::uuid[],
      ${accounts.map(({ balance }) => balance)}::bigint[],
      ${accounts.map(({ seq }) => seq)}::bigint[],
      ${accounts.map(({ hasPurchased }) => hasPurchased)}::boolean[],
      ${accounts.map(({ lastEntryAt }) => lastEntryAt)}::timestamptz[]
    ) as q (partner_id, member_id, card_id, balance, seq, has_purchased, last_entry_at)
    where a.partner_id = q.partner_id and a.member_id = q.member_id and a.card_id = q.card_id
  `;
}

interface WithEntries {
  standings: readonly Standing[];
  accounts: readonly Account[];
  journal: Journal;
  announcing: Announcing;
}

/**
 * Entries with what almost always comes with them, as one statement: each that is sent costs some 0.15 ms here and at the server,
 * whatever it writes. No two of its parts touch one table.
 */
function insertEntries(tx: Tx, { standings, accounts, journal, announcing }: WithEntries): Statement {
  const records = journal.facts.filter((fact) => fact.fact === 'entry').map(toRecord);
  return tx`
    with
      moved_standings as (${updateStandings(tx, standings)}),
      moved_accounts as (${updateAccounts(tx, accounts)}),
      new_lots as (${insertLots(tx, journal)}),
      new_keys as (${insertKeys(tx, journal)}),
      announced as (${announcing.write()})
    insert into entries (
      partner_id, transaction_id, member_id, card_id, club_id, kind, event, points, seq, balance_after, event_id, currency,
      purchase_minor, reward_id, staff_id, reference, reference_of, claim_code, note, breakdown, items, answer, group_id, activates_at, expires_at,
      occurred_at, created_at
    )
    select
      partner_id, transaction_id, member_id, card_id, club_id, kind, event, points, seq, balance_after, event_id, currency,
      purchase_minor, reward_id, staff_id, reference, reference_of, claim_code, note, breakdown, items, answer, group_id, activates_at, expires_at,
      occurred_at, created_at
    from json_populate_recordset(null::entries, ${rows(records)}::text::json)
  `;
}

const toRecord = (entry: Entry) => ({
  partner_id: entry.account.partnerId,
  transaction_id: entry.transactionId,
  member_id: entry.account.memberId,
  card_id: entry.account.cardId,
  club_id: entry.account.clubId,
  kind: entry.kind,
  event: entry.event,
  points: entry.points,
  seq: entry.seq,
  balance_after: entry.balanceAfter,
  event_id: entry.eventId,
  currency: entry.account.currency,
  purchase_minor: entry.purchaseMinor,
  reward_id: entry.rewardId,
  staff_id: entry.staffId,
  reference: entry.reference,
  reference_of: entry.referenceOf,
  claim_code: entry.claimCode,
  note: entry.note,
  breakdown: entry.breakdown,
  items: entry.items,
  answer: entry.answer,
  group_id: entry.groupId,
  activates_at: entry.activatesAt,
  expires_at: entry.expiresAt,
  occurred_at: entry.occurredAt,
  created_at: entry.createdAt,
});

function insertLots(tx: Tx, { opened }: Journal): Statement {
  const records = [...opened].map(([lot, { partnerId, memberId }]) => ({
    partner_id: partnerId,
    member_id: memberId,
    card_id: lot.cardId,
    lot_id: lot.lotId,
    points: lot.points,
    remaining: lot.remaining,
    earned_at: lot.earnedAt,
    activates_at: lot.activatesAt,
    expires_at: lot.expiresAt,
    is_counted: lot.isCounted,
  }));
  return tx`
    insert into lots
      (partner_id, member_id, card_id, lot_id, points, remaining, earned_at, activates_at, expires_at, is_counted)
    select partner_id, member_id, card_id, lot_id, points, remaining, earned_at, activates_at, expires_at, is_counted
    from json_populate_recordset(null::lots, ${rows(records)}::text::json)
  `;
}

function updateLots(tx: Tx, changed: readonly [...Parameters<Journal['changed']['set']>][]): Statement {
  return tx`
    update lots l
    set remaining = q.remaining, is_counted = q.is_counted
    from unnest(
      ${changed.map(([, { partnerId }]) => partnerId)}::uuid[],
      ${changed.map(([, { memberId }]) => memberId)}::uuid[],
      ${changed.map(([{ cardId }]) => cardId)}::uuid[],
      ${changed.map(([{ lotId }]) => lotId)}::uuid[],
      ${changed.map(([{ remaining }]) => remaining)}::bigint[],
      ${changed.map(([{ isCounted }]) => isCounted)}::boolean[]
    ) as q (partner_id, member_id, card_id, lot_id, remaining, is_counted)
    where l.partner_id = q.partner_id and l.member_id = q.member_id and l.card_id = q.card_id and l.lot_id = q.lot_id
  `;
}

function insertSpends(tx: Tx, { spends }: Journal): Statement {
  const records = spends.map(({ partnerId, transactionId, lotId, points }) => ({
    ...{ partner_id: partnerId, transaction_id: transactionId, lot_id: lotId, points },
  }));
  return tx`
    insert into lot_spends (partner_id, transaction_id, lot_id, points)
    select partner_id, transaction_id, lot_id, points
    from json_populate_recordset(null::lot_spends, ${rows(records)}::text::json)
  `;
}

function updateCounters(tx: Tx, { counters }: Journal): Statement {
  const changed = [...counters];
  return tx`
    update counters c
    set used = q.used
    from unnest(
      ${changed.map(({ partnerId }) => partnerId)}::uuid[],
      ${changed.map(({ id }) => id)}::uuid[],
      ${changed.map(({ used }) => used)}::bigint[]
    ) as q (partner_id, id, used)
    where c.partner_id = q.partner_id and c.kind = 'reward' and c.id = q.id
  `;
}

function insertKeys(tx: Tx, { keys }: Journal): Statement {
  const records = keys.map(({ idempotency: { partnerId, scope, key, requestHash }, data, createdAt }) => ({
    ...{ partner_id: partnerId, scope, key, request_hash: requestHash, data, created_at: createdAt },
  }));
  return tx`
    insert into idempotency_keys (partner_id, scope, key, request_hash, data, created_at)
    select partner_id, scope, key, request_hash, data, created_at
    from json_populate_recordset(null::idempotency_keys, ${rows(records)}::text::json)
  `;
}
