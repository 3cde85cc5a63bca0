import type { Tx } from '@punchcard/database';
import type { NewDay } from './rules.ts';

export interface AccountDay {
  partnerId: string;
  memberId: string;
  cardId: string;
  clubId: string;
  day: string;
}

export type MemberDay = Pick<AccountDay, 'partnerId' | 'memberId' | 'day'>;

interface Around {
  n: number;
  previous: string | null;
  next: string | null;
}

/** Of days of accounts those that are new to `activity`, with the days before and after them there. */
export async function findNewAccountDays(tx: Tx, days: readonly AccountDay[]): Promise<(AccountDay & NewDay)[]> {
  const rows = await tx<Around[]>`
    select u.n,
      (
        select a.day::text
        from activity a
        where a.partner_id = u.partner_id and a.member_id = u.member_id and a.card_id = u.card_id and a.day < u.day
        order by a.day desc
        limit 1
      ) as previous,
      (
        select a.day::text
        from activity a
        where a.partner_id = u.partner_id and a.member_id = u.member_id and a.card_id = u.card_id and a.day > u.day
        order by a.day
        limit 1
      ) as next
    from unnest(
      ${days.map(({ partnerId }) => partnerId)}::uuid[],
      ${days.map(({ memberId }) => memberId)}::uuid[],
      ${days.map(({ cardId }) => cardId)}::uuid[],
      ${days.map(({ day }) => day)}::date[]
    ) with ordinality as u (partner_id, member_id, card_id, day, n)
    where not exists (
      select 1
      from activity a
      where a.partner_id = u.partner_id and a.member_id = u.member_id and a.card_id = u.card_id and a.day = u.day
    )
    order by u.n
  `;
  return rows.map(({ n, previous, next }) => ({ ...days[n - 1]!, previous, next }));
}

/** The same of members' days. */
export async function findNewMemberDays(tx: Tx, days: readonly MemberDay[]): Promise<(MemberDay & NewDay)[]> {
  const rows = await tx<Around[]>`
    select u.n,
      (
        select d.day::text
        from member_days d
        where d.partner_id = u.partner_id and d.member_id = u.member_id and d.day < u.day
        order by d.day desc
        limit 1
      ) as previous,
      (
        select d.day::text
        from member_days d
        where d.partner_id = u.partner_id and d.member_id = u.member_id and d.day > u.day
        order by d.day
        limit 1
      ) as next
    from unnest(
      ${days.map(({ partnerId }) => partnerId)}::uuid[],
      ${days.map(({ memberId }) => memberId)}::uuid[],
      ${days.map(({ day }) => day)}::date[]
    ) with ordinality as u (partner_id, member_id, day, n)
    where not exists (
      select 1
      from member_days d
      where d.partner_id = u.partner_id and d.member_id = u.member_id and d.day = u.day
    )
    order by u.n
  `;
  return rows.map(({ n, previous, next }) => ({ ...days[n - 1]!, previous, next }));
}

export async function insertMemberDays(tx: Tx, days: readonly MemberDay[]): Promise<void> {
  await tx`
    insert into member_days (partner_id, member_id, day)
    select partner_id, member_id, day
    from unnest(
      ${days.map(({ partnerId }) => partnerId)}::uuid[],
      ${days.map(({ memberId }) => memberId)}::uuid[],
      ${days.map(({ day }) => day)}::date[]
    ) as u (partner_id, member_id, day)
  `;
}

/** Keeps the first day of members at shops; a later one changes nothing. */
export async function saveFirstDays(tx: Tx, days: readonly AccountDay[]): Promise<void> {
  await tx`
    insert into shop_members (partner_id, club_id, member_id, first_day)
    select partner_id, club_id, member_id, min(day)
    from unnest(
      ${days.map(({ partnerId }) => partnerId)}::uuid[],
      ${days.map(({ clubId }) => clubId)}::uuid[],
      ${days.map(({ memberId }) => memberId)}::uuid[],
      ${days.map(({ day }) => day)}::date[]
    ) as u (partner_id, club_id, member_id, day)
    group by partner_id, club_id, member_id
    order by partner_id, club_id, member_id
    on conflict (partner_id, club_id, member_id) do update
    set first_day = excluded.first_day
    where shop_members.first_day > excluded.first_day
  `;
}

export interface Spell {
  partnerId: string;
  clubId: string;
  day: string;
  nextDay: string;
  count: number;
}

/** Adds to the spells of accounts. Sums first and sorts, so that two consumers lock rows in one order. */
export async function addAccountSpells(tx: Tx, spells: readonly Spell[]): Promise<void> {
  await tx`
    insert into account_spells (partner_id, next_day, day, club_id, accounts)
    select partner_id, next_day, day, club_id, sum(count)
    from unnest(
      ${spells.map(({ partnerId }) => partnerId)}::uuid[],
      ${spells.map(({ nextDay }) => nextDay)}::date[],
      ${spells.map(({ day }) => day)}::date[],
      ${spells.map(({ clubId }) => clubId)}::uuid[],
      ${spells.map(({ count }) => count)}::bigint[]
    ) as u (partner_id, next_day, day, club_id, count)
    group by partner_id, next_day, day, club_id
    having sum(count) <> 0
    order by partner_id, next_day, day, club_id
    on conflict (partner_id, next_day, day, club_id) do update
    set accounts = account_spells.accounts + excluded.accounts
  `;
}

/** Adds to the spells of members. */
export async function addMemberSpells(tx: Tx, spells: readonly Omit<Spell, 'clubId'>[]): Promise<void> {
  await tx`
    insert into member_spells (partner_id, next_day, day, members)
    select partner_id, next_day, day, sum(count)
    from unnest(
      ${spells.map(({ partnerId }) => partnerId)}::uuid[],
      ${spells.map(({ nextDay }) => nextDay)}::date[],
      ${spells.map(({ day }) => day)}::date[],
      ${spells.map(({ count }) => count)}::bigint[]
    ) as u (partner_id, next_day, day, count)
    group by partner_id, next_day, day
    having sum(count) <> 0
    order by partner_id, next_day, day
    on conflict (partner_id, next_day, day) do update
    set members = member_spells.members + excluded.members
  `;
}
