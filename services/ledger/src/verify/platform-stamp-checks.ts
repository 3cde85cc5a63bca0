import type { Tx } from '@punchcard/database';
import { ANNOUNCED_DAYS, type Check, type Violation } from './platform-checks.ts';
import type { Tables } from './platform-tables.ts';

/** An event of a progress with the one before it, and how many times a card had been completed by then. */
const events = (tx: Tx, of: Tables) => tx`
  (
    select
      *, 'stamp event ' || stamp_event_id as about, row_number() over progress as expected_seq,
      lag(stamps_after, 1, 0) over progress as stamps_before, lag(completed_after, 1, 0::bigint) over progress as completed_before,
      lag(pending_after, 1, 0::bigint) over progress as pending_before, lag(stamps_required) over progress as required_before,
      lag(created_at) over progress as created_before,
      count(*) filter (where completions > 0) over progress as epoch
    from ${of.stampEvents}
    window progress as (partition by partner_id, member_id, stamp_card_id order by seq)
  ) as e
`;

/** Stamps on a card by the instant at which they expire, as they were given since the last card was completed. */
const given = (tx: Tx, of: Tables) => tx`
  (
    select
      partner_id, member_id, stamp_card_id, epoch, expires_at,
      sum(case when completions > 0 then stamps_after else stamps end) as stamps
    from ${events(tx, of)}
    where kind = 'added'
    group by partner_id, member_id, stamp_card_id, epoch, expires_at
  )
`;

const taken = (tx: Tx, of: Tables) => tx`
  (
    select partner_id, member_id, stamp_card_id, epoch, created_at as expires_at, -sum(stamps) as stamps
    from ${events(tx, of)}
    where kind = 'expired'
    group by partner_id, member_id, stamp_card_id, epoch, created_at
  )
`;

/** The last event that found these stamps on the card: of their own time, or the one that completed it. */
const lastly = (tx: Tx, of: Tables) => tx`
  (
    select partner_id, member_id, stamp_card_id, epoch, max(created_at) as at
    from (
      select partner_id, member_id, stamp_card_id, epoch, created_at from ${events(tx, of)}
      union all
      select partner_id, member_id, stamp_card_id, epoch - 1, created_at from ${events(tx, of)} where completions > 0
    ) e
    group by partner_id, member_id, stamp_card_id, epoch
  )
`;

/** Of stamps: that how far a member is follows from the events alone. */
export const stampChecks: Check[] = [
  {
    name: 'stamp_chain',
    claim: 'The events of a progress are numbered and dated in their order, and each begins where the one before ended',
    find: (tx, of) => tx<Violation[]>`
      select
        partner_id, about,
        'seq ' || expected_seq || ', ' || stamps_before + stamps - stamps_used || ' stamps, ' || completed_before + completions ||
          ' completed, ' || pending_before + rewards || ' pending' as expected,
        'seq ' || seq || ', ' || stamps_after || ' stamps, ' || completed_after || ' completed, ' || pending_after || ' pending'
          as found
      from ${events(tx, of)}
      where seq <> expected_seq or stamps_after <> stamps_before + stamps - stamps_used
        or completed_after <> completed_before + completions or pending_after <> pending_before + rewards
        or created_at < created_before
      limit 1
    `,
  },
  {
    name: 'stamp_cards',
    claim: 'A card is completed by exactly the stamps that it required when it was begun, and keeps fewer until then',
    find: (tx, of) => tx<Violation[]>`
      select
        partner_id, about, 'cards of ' || coalesce(required_before::text, 'any number') || ' stamps' as expected,
        stamps_used || ' used by ' || completions || ', ' || stamps_after || ' of ' || coalesce(stamps_required::text, 'none') as found
      from (
        select
          *, case when required_before is null then completions else completions - 1 end as begun,
          stamps_used - coalesce(required_before, 0) as used_by_begun
        from ${events(tx, of)}
      ) e
      where (stamps_after = 0) <> (stamps_required is null) or stamps_after >= stamps_required
        or case
          when completions = 0 then stamps_used <> 0 or stamps_required <> required_before
          when begun = 0 then used_by_begun <> 0
          else used_by_begun % begun <> 0 or stamps_required <> used_by_begun / begun
        end
      limit 1
    `,
  },
  {
    name: 'stamp_kinds',
    claim: 'Stamps come by additions, go by expiry, and a redemption hands out one reward of a completed card',
    find: (tx, of) => tx<Violation[]>`
      select
        partner_id, 'stamp event ' || stamp_event_id as about, kind as expected,
        stamps || ' stamps, ' || completions || ' completed, ' || rewards || ' rewards, ' || points || ' points' as found
      from ${of.stampEvents}
      where case kind
        when 'added' then stamps < 1 or rewards not in (0, completions) or (points > 0 and completions = 0)
        when 'expired' then stamps >= 0 or completions <> 0 or rewards <> 0 or points <> 0
        when 'redeemed' then stamps <> 0 or completions <> 0 or rewards <> -1 or points <> 0
        else true end
      limit 1
    `,
  },
  {
    name: 'stamp_expiry',
    claim: 'Stamps expired at the instant at which they were due, all of them and no others',
    find: (tx, of) => tx<Violation[]>`
      select
        partner_id, 'stamps of member ' || member_id || ' on stamp card ' || stamp_card_id || ' due at ' || expires_at as about,
        coalesce(given.stamps, 0)::text as expected, coalesce(taken.stamps, 0)::text as found
      from ${given(tx, of)} given
      full join ${taken(tx, of)} taken using (partner_id, member_id, stamp_card_id, epoch, expires_at)
      left join ${lastly(tx, of)} lastly using (partner_id, member_id, stamp_card_id, epoch)
      where case
        when taken.stamps is null then given.stamps > 0 and lastly.at >= expires_at
        else given.stamps is distinct from taken.stamps end
      limit 1
    `,
  },
  {
    name: 'stamp_progress',
    claim: 'A progress has what its last event left, and its stamps are those that were given, with their expiry',
    find: (tx, of) => tx<Violation[]>`
      select
        partner_id, 'progress of member ' || member_id || ' on stamp card ' || stamp_card_id as about,
        coalesce(last.stamps_after || ' stamps after ' || last.seq || ' events', 'no progress') as expected,
        coalesce(p.stamps || ' stamps after ' || p.seq || ' events, ' || p.unfounded || ' of them wrong', 'no progress') as found
      from (
        select
          p.*,
          (select coalesce(sum((o ->> 'stamps')::int), 0) from jsonb_array_elements(p.open_stamps) o) as stamps,
          (
            select count(*)
            from jsonb_array_elements(p.open_stamps) o
            left join ${of.stampEvents} e on e.partner_id = p.partner_id and e.stamp_event_id = (o ->> 'event')::uuid
              and e.member_id = p.member_id and e.stamp_card_id = p.stamp_card_id and e.kind = 'added'
              and e.expires_at is not distinct from (o ->> 'expires_at')::timestamptz
              and (o ->> 'stamps')::int = case when e.completions > 0 then e.stamps_after else e.stamps end
            where e.stamp_event_id is null
          ) as unfounded
        from ${of.stampProgress} p
      ) p
      full join (
        select distinct on (partner_id, member_id, stamp_card_id) *
        from ${of.stampEvents}
        order by partner_id, member_id, stamp_card_id, seq desc
      ) last using (partner_id, member_id, stamp_card_id)
      where p.unfounded <> 0 or (p.stamps, p.seq, p.completed_count, p.pending_rewards, p.stamps_required)
        is distinct from (last.stamps_after, last.seq, last.completed_after, last.pending_after, last.stamps_required)
      limit 1
    `,
  },
  {
    name: 'stamp_points',
    claim: 'Completed cards paid their points once, by an entry of the same member',
    find: (tx, of) => tx<Violation[]>`
      select
        coalesce(s.partner_id, e.partner_id) as partner_id,
        coalesce('stamp event ' || s.stamp_event_id, 'transaction ' || e.transaction_id) as about,
        coalesce(s.points || ' points', 'none') as expected,
        coalesce(e.points || ' points' || case when s.times > 1 then ' for ' || s.times || ' events' else '' end, 'none') as found
      from (
        select *, count(*) over (partition by partner_id, transaction_id) as times
        from ${of.stampEvents}
        where points <> 0 or transaction_id is not null
      ) s
      full join (select * from ${of.entries} where kind = 'stamps') e
        on e.partner_id = s.partner_id and e.transaction_id = s.transaction_id
      where (e.points, e.member_id, e.event) is distinct from (s.points, s.member_id, 'stamp_card_reward_points') or s.times > 1
      limit 1
    `,
  },
  {
    name: 'stamp_outbox',
    claim: `The outbox announces each stamp event of the last ${ANNOUNCED_DAYS} days and each completed card once, and nothing else`,
    find: (tx, of) => tx<Violation[]>`
      select
        coalesce(e.partner_id, o.partner_id) as partner_id, 'event ' || coalesce(e.event_id, o.event_id) as about,
        coalesce('seq ' || e.seq, 'no announcement') as expected, coalesce('seq ' || o.sequence || ', ' || o.times, 'none') as found
      from (
        select partner_id, event_id, seq, member_id, created_at from ${of.stampEvents} where event_id is not null
        union all
        select partner_id, completed_event_id, seq, member_id, created_at from ${of.stampEvents} where completions > 0
      ) e
      full join (
        select partner_id, event_id, sequence, key, count(*) over (partition by partner_id, event_id) as times
        from ${of.outbox}
        where type like 'ledger.stamp%'
      ) o on o.partner_id = e.partner_id and o.event_id = e.event_id
      where case
        when o.event_id is null then e.created_at > now() - make_interval(days => ${ANNOUNCED_DAYS})
        else o.times > 1 or (e.seq, e.member_id::text) is distinct from (o.sequence, o.key) end
      limit 1
    `,
  },
];
