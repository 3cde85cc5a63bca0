import type { Check, Violation } from './platform-checks.ts';

/** Of what lists say there is. */
export const countChecks: Check[] = [
  {
    name: 'counts',
    claim: 'Kept counts are the number of entries that they are of, by partner, club, card and staff, hour and month',
    find: (tx, of) => tx<Violation[]>`
      select
        partner_id, event || ' of ' || scope_id || ' in the ' || span || ' of ' || starts_at as about,
        coalesce(there.count, 0) || ' entries' as expected, coalesce(kept.count, 0) || ' entries' as found
      from (
        select
          e.partner_id, s.scope_id, p.span, date_trunc(p.span, e.created_at, 'UTC') as starts_at, e.event, count(*)
        from ${of.entries} e
        join ${of.countedPartners} c using (partner_id)
        join counted_to t on e.position <= t.position
        cross join lateral (values (e.partner_id), (e.club_id), (e.card_id), (e.staff_id)) as s (scope_id)
        cross join (values ('hour'), ('month')) as p (span)
        where s.scope_id is not null
          and (e.position > c.base_position or (e.created_at, e.transaction_id) <= (c.after_at, c.after_id))
        group by 1, 2, 3, 4, 5
      ) there
      full join ${of.entryCounts} kept using (partner_id, scope_id, span, starts_at, event)
      where there.count is distinct from kept.count
      limit 1
    `,
  },
];
