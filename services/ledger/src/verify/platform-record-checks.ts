import { ANNOUNCED_DAYS, type Check, type Violation } from './platform-checks.ts';

/** Of what is kept beside the books: announcements, repeats, and sums that rules look at. */
export const recordChecks: Check[] = [
  {
    name: 'events',
    claim: 'Each entry was announced under an event id of its own',
    find: (tx, of) => tx<Violation[]>`
      select partner_id, 'event ' || event_id as about, '1 entry' as expected, count(*) || ' entries' as found
      from ${of.entries}
      group by partner_id, event_id
      having count(*) > 1
      limit 1
    `,
  },
  {
    name: 'outbox',
    claim: `The outbox announces each entry of the last ${ANNOUNCED_DAYS} days once, as it is, and nothing else`,
    find: (tx, of) => tx<Violation[]>`
      select
        coalesce(e.partner_id, o.partner_id) as partner_id, 'event ' || coalesce(e.event_id, o.event_id) as about,
        coalesce(e.points || ' points, seq ' || e.seq, 'no announcement') as expected,
        coalesce(o.points || ' points, seq ' || o.sequence || case when o.times > 1 then ', twice' else '' end, 'none') as found
      from ${of.entries} e
      full join (
        select
          partner_id, event_id, sequence, key, (data ->> 'points')::bigint as points,
          count(*) over (partition by partner_id, event_id) as times
        from ${of.outbox}
        where type like 'ledger.points_%'
      ) o on o.partner_id = e.partner_id and o.event_id = e.event_id
      where case
        when o.event_id is null then e.created_at > now() - make_interval(days => ${ANNOUNCED_DAYS})
        else o.times > 1 or (e.points, e.seq, e.member_id::text) is distinct from (o.points, o.sequence, o.key) end
      limit 1
    `,
  },
  {
    name: 'references',
    claim: 'A reference names one transaction of its kind',
    find: (tx, of) => tx<Violation[]>`
      select
        partner_id, kind || ' reference ' || reference as about, '1 transaction' as expected,
        count(*) || ' transactions' as found
      from ${of.entries}
      where reference is not null
      group by partner_id, kind, reference, reference_of
      having count(*) > 1
      limit 1
    `,
  },
  {
    name: 'keys',
    claim:
      'Each Idempotency-Key is kept with the answer of a transaction or stamp event that is there, made by no other key',
    find: (tx, of) => tx<Violation[]>`
      select
        k.partner_id, 'Idempotency-Key ' || k.key as about, 'a transaction of its own' as expected,
        coalesce('transaction ' || m.made_id || ' of ' || k.times || ' keys', 'no transaction') as found
      from (
        select
          partner_id, key, made_id,
          count(*) filter (where data ->> 'duplicate' = 'false') over (partition by partner_id, made_id) as times
        from (
          select
            *, coalesce(data ->> 'stamp_event_id', data ->> 'redemption_id', data ->> 'transaction_id')::uuid as made_id
          from ${of.keys}
        ) k
      ) k
      left join (
        select partner_id, transaction_id as made_id from ${of.entries}
        union all
        select partner_id, stamp_event_id from ${of.stampEvents}
      ) m using (partner_id, made_id)
      where m.made_id is null or k.times > 1
      limit 1
    `,
  },
  {
    name: 'standings',
    claim: 'Lifetime points are the sum of the lots that became active, over all cards and over those of each club',
    find: (tx, of) => tx<Violation[]>`
      select
        partner_id, 'lifetime points of member ' || member_id || ', ' || scope as about,
        coalesce(earned.points, 0)::text as expected, coalesce(kept.points::text, 'no standing') as found
      from (
        select
          l.partner_id, l.member_id, case when grouping(a.club_id) = 1 then 'all cards' else 'club ' || a.club_id end as scope,
          coalesce(sum(l.points) filter (where l.is_counted), 0) as points
        from ${of.lots} l
        join ${of.accounts} a using (partner_id, member_id, card_id)
        group by grouping sets ((l.partner_id, l.member_id), (l.partner_id, l.member_id, a.club_id))
      ) earned
      full join (
        select partner_id, member_id, 'all cards' as scope, lifetime_points as points from ${of.standings}
        union all
        select s.partner_id, s.member_id, 'club ' || club.key, (club.value ->> 'lifetime_points')::bigint
        from ${of.standings} s
        cross join lateral jsonb_each(s.clubs) as club
      ) kept using (partner_id, member_id, scope)
      where coalesce(earned.points, 0) <> coalesce(kept.points, 0)
      limit 1
    `,
  },
  {
    name: 'uses',
    claim: 'A member used a reward as often as there are redemptions of it',
    find: (tx, of) => tx<Violation[]>`
      select
        partner_id, 'uses of reward ' || reward_id || ' by member ' || member_id as about,
        coalesce(redeemed.times, 0)::text as expected, coalesce(kept.times, 0)::text as found
      from (
        select partner_id, member_id, reward_id, count(*) as times
        from ${of.entries}
        where kind = 'redeem'
        group by partner_id, member_id, reward_id
      ) redeemed
      full join (
        select s.partner_id, s.member_id, used.key::uuid as reward_id, used.value::bigint as times
        from ${of.standings} s
        cross join lateral jsonb_each_text(s.uses) as used
      ) kept using (partner_id, member_id, reward_id)
      where redeemed.times is distinct from kept.times
      limit 1
    `,
  },
  {
    name: 'counters',
    claim: 'The counter of a limited reward is the number of its redemptions',
    find: (tx, of) => tx<Violation[]>`
      select
        c.partner_id, 'stock of reward ' || c.id as about, count(e.transaction_id)::text as expected, c.used::text as found
      from ${of.counters} c
      left join ${of.entries} e on e.partner_id = c.partner_id and e.reward_id = c.id and e.kind = 'redeem'
      where c.kind = 'reward'
      group by c.partner_id, c.id, c.used
      having c.used <> count(e.transaction_id)
      limit 1
    `,
  },
];
