import type { Tx } from '@punchcard/database';
import type { Tables } from './platform-tables.ts';

export interface Violation {
  partnerId: string;
  /** The row, or the account, that is wrong. */
  about: string;
  expected: string;
  found: string;
}

export interface Check {
  name: string;
  /** What is true of every ledger. */
  claim: string;
  /** The first row of which it is not. */
  find: (tx: Tx, of: Tables) => Promise<Violation[]>;
}

/** Younger entries still have their announcement; the relay forgets it a week after it was sent. */
export const ANNOUNCED_DAYS = 6;

/** All that the rows themselves can prove of entries and balances, over all partners. */
export const entryChecks: Check[] = [
  {
    name: 'sequence',
    claim: 'The entries of an account are numbered from 1 without gaps',
    find: (tx, of) => tx<Violation[]>`
      select partner_id, 'transaction ' || transaction_id as about, 'seq ' || expected as expected, 'seq ' || seq as found
      from (
        select *, row_number() over (partition by partner_id, member_id, card_id order by seq) as expected from ${of.entries}
      ) e
      where seq <> expected
      order by partner_id, member_id, card_id, seq
      limit 1
    `,
  },
  {
    name: 'balance_chain',
    claim: 'Each balance_after is the one before plus the points of the entry',
    find: (tx, of) => tx<Violation[]>`
      select partner_id, 'transaction ' || transaction_id as about, expected::text, balance_after::text as found
      from (
        select *, points + lag(balance_after, 1, 0::bigint) over (
          partition by partner_id, member_id, card_id order by seq
        ) as expected
        from ${of.entries}
      ) e
      where balance_after <> expected
      order by partner_id, member_id, card_id, seq
      limit 1
    `,
  },
  {
    name: 'negative',
    claim: 'No balance was ever below zero',
    find: (tx, of) => tx<Violation[]>`
      select partner_id, 'transaction ' || transaction_id as about, '0 or more' as expected, balance_after::text as found
      from ${of.entries}
      where balance_after < 0
      limit 1
    `,
  },
  {
    name: 'order',
    claim: 'The entries of an account are dated in the order of their numbers',
    find: (tx, of) => tx<Violation[]>`
      select
        partner_id, 'transaction ' || transaction_id as about, 'not before ' || previous as expected, created_at::text as found
      from (
        select *, lag(created_at) over (partition by partner_id, member_id, card_id order by seq) as previous from ${of.entries}
      ) e
      where created_at < previous
      limit 1
    `,
  },
  {
    name: 'balance',
    claim: 'An account has the balance of its last entry, and as many entries as its seq says',
    find: (tx, of) => tx<Violation[]>`
      select
        partner_id, 'account of member ' || member_id || ' on card ' || card_id as about,
        coalesce(last.balance_after || ' after ' || last.seq || ' entries', 'no account') as expected,
        coalesce(a.balance || ' after ' || a.seq || ' entries', 'no account') as found
      from ${of.accounts} a
      full join (
        select distinct on (partner_id, member_id, card_id) partner_id, member_id, card_id, balance_after, seq
        from ${of.entries}
        order by partner_id, member_id, card_id, seq desc
      ) last using (partner_id, member_id, card_id)
      where (a.balance, a.seq) is distinct from (last.balance_after, last.seq)
      limit 1
    `,
  },
  {
    name: 'lots',
    claim: 'The balance of an account is the sum of its open lots',
    find: (tx, of) => tx<Violation[]>`
      select
        partner_id, 'account of member ' || member_id || ' on card ' || card_id as about,
        coalesce(a.balance, 0)::text as expected, coalesce(open.remaining, 0)::text as found
      from ${of.accounts} a
      full join (
        select partner_id, member_id, card_id, sum(remaining) as remaining
        from ${of.lots}
        group by partner_id, member_id, card_id
      ) open using (partner_id, member_id, card_id)
      where coalesce(a.balance, 0) <> coalesce(open.remaining, 0)
      limit 1
    `,
  },
];

/** Of lots: what opened them, and what used them up. */
export const lotChecks: Check[] = [
  {
    name: 'lots_opened',
    claim: 'Each credit opened one lot of its points and dates, and each lot was opened by a credit',
    find: (tx, of) => tx<Violation[]>`
      select
        coalesce(e.partner_id, l.partner_id) as partner_id, 'lot ' || coalesce(e.transaction_id, l.lot_id) as about,
        coalesce(e.points || ' points until ' || coalesce(e.expires_at::text, 'for ever'), 'no lot') as expected,
        coalesce(l.points || ' points until ' || coalesce(l.expires_at::text, 'for ever'), 'no lot') as found
      from (select * from ${of.entries} where points > 0) e
      full join ${of.lots} l on l.partner_id = e.partner_id and l.member_id = e.member_id and l.card_id = e.card_id
        and l.lot_id = e.transaction_id
      where (e.points, e.expires_at, e.activates_at) is distinct from (l.points, l.expires_at, l.activates_at)
      limit 1
    `,
  },
  {
    name: 'lots_spent',
    claim: 'What remains of a lot is its points less what was taken of it, and never below zero',
    find: (tx, of) => tx<Violation[]>`
      select
        partner_id, 'lot ' || lot_id as about, (l.points - coalesce(spent.points, 0))::text as expected,
        l.remaining::text as found
      from ${of.lots} l
      left join (
        select partner_id, lot_id, sum(points) as points from ${of.spends} group by partner_id, lot_id
      ) spent using (partner_id, lot_id)
      where l.remaining <> l.points - coalesce(spent.points, 0) or l.remaining < 0
      limit 1
    `,
  },
  {
    name: 'spends',
    claim: 'Each debit took its points from lots of its own account, and nothing else took any',
    find: (tx, of) => tx<Violation[]>`
      select
        coalesce(e.partner_id, s.partner_id) as partner_id,
        'transaction ' || coalesce(e.transaction_id, s.transaction_id) as about,
        coalesce(-e.points, 0)::text as expected, coalesce(s.points, 0)::text as found
      from (select * from ${of.entries} where points < 0) e
      full join (
        select s.partner_id, s.transaction_id, l.member_id, l.card_id, sum(s.points) as points
        from ${of.spends} s
        left join ${of.lots} l using (partner_id, lot_id)
        group by s.partner_id, s.transaction_id, l.member_id, l.card_id
      ) s on s.partner_id = e.partner_id and s.transaction_id = e.transaction_id
        and s.member_id = e.member_id and s.card_id = e.card_id
      where -e.points is distinct from s.points
      limit 1
    `,
  },
  {
    name: 'spent_in_time',
    claim: 'A redemption took only points that were active and not expired, an expiry only those due at its instant',
    find: (tx, of) => tx<Violation[]>`
      select
        e.partner_id, 'transaction ' || e.transaction_id || ' on lot ' || l.lot_id as about,
        e.kind || ' at ' || e.occurred_at as expected,
        'active from ' || coalesce(l.activates_at, l.earned_at) || ' until ' || coalesce(l.expires_at::text, 'for ever') as found
      from ${of.spends} s
      join ${of.entries} e using (partner_id, transaction_id)
      join ${of.lots} l using (partner_id, lot_id)
      where case when e.kind = 'expiry' then l.expires_at is distinct from e.occurred_at
        else l.expires_at <= e.created_at or l.activates_at > e.created_at end
      limit 1
    `,
  },
];
