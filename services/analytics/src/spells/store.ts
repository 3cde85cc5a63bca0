import type { Statement, Tx } from '@punchcard/database';
import type { Counted, NewDay, Visit } from './rules.ts';

export type MemberDay = Pick<Visit, 'partnerId' | 'memberId' | 'day'>;

interface Around {
  n: number;
  previous: string | null;
  next: string | null;
}

/** Which rows of `activity` are days of the same one as the visit `u`. Those of a member stand together in `activity_of_member`. */
const daysOfSame: Record<Counted, (tx: Tx) => Statement> = {
  account: (tx) => tx`a.partner_id = u.partner_id and a.member_id = u.member_id and a.card_id = u.card_id`,
  visitor: (tx) => tx`a.partner_id = u.partner_id and a.member_id = u.member_id and a.club_id = u.club_id`,
  shopBuyer: (tx) => tx`
    a.partner_id = u.partner_id and a.member_id = u.member_id and a.club_id = u.club_id and a.purchases > 0
  `,
  buyer: (tx) => tx`a.partner_id = u.partner_id and a.member_id = u.member_id and a.purchases > 0`,
};

/** Of days of what is counted those that are new to `activity`, with the days before and after them there. */
export async function findNewDays(tx: Tx, counted: Counted, days: readonly Visit[]): Promise<(Visit & NewDay)[]> {
  if (days.length === 0) return [];
  const isSame = daysOfSame[counted](tx);
  const rows = await tx<Around[]>`
    select u.n, before.day::text as previous, after.day::text as next
    from unnest(
      ${days.map(({ partnerId }) => partnerId)}::uuid[],
      ${days.map(({ memberId }) => memberId)}::uuid[],
      ${days.map(({ cardId }) => cardId)}::uuid[],
      ${days.map(({ clubId }) => clubId)}::uuid[],
      ${days.map(({ day }) => day)}::date[]
    ) with ordinality as u (partner_id, member_id, card_id, club_id, day, n)
    -- With a limit each is looked up by key. A join without one may read the whole table.
    left join lateral (
      select a.day from activity a where ${isSame} and a.day <= u.day order by a.day desc limit 1
    ) before on true
    left join lateral (
      select a.day from activity a where ${isSame} and a.day > u.day order by a.day limit 1
    ) after on true
    where before.day is distinct from u.day
    order by u.n
  `;
  return rows.map(({ n, previous, next }) => ({ ...days[n - 1]!, previous, next }));
}

/** The same of members' UTC days. */
export async function findNewMemberDays(tx: Tx, days: readonly MemberDay[]): Promise<(MemberDay & NewDay)[]> {
  if (days.length === 0) return [];
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
  if (days.length === 0) return;
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
export async function saveFirstDays(tx: Tx, days: readonly Visit[]): Promise<void> {
  if (days.length === 0) return;
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

interface Spell {
  partnerId: string;
  day: string;
  nextDay: string;
}

export interface PartnerSpell extends Spell {
  accounts: number;
  buyers: number;
}

export interface ShopSpell extends PartnerSpell {
  clubId: string;
  visitors: number;
}

/** Adds to the spells of partners. Sums first and sorts, so that two consumers lock rows in one order; so do the next two. */
export async function addPartnerSpells(tx: Tx, spells: readonly PartnerSpell[]): Promise<void> {
  if (spells.length === 0) return;
  await tx`
    insert into partner_spells (partner_id, next_day, day, accounts, buyers)
    select partner_id, next_day, day, sum(accounts), sum(buyers)
    from unnest(
      ${spells.map(({ partnerId }) => partnerId)}::uuid[],
      ${spells.map(({ nextDay }) => nextDay)}::date[],
      ${spells.map(({ day }) => day)}::date[],
      ${spells.map(({ accounts }) => accounts)}::bigint[],
      ${spells.map(({ buyers }) => buyers)}::bigint[]
    ) as u (partner_id, next_day, day, accounts, buyers)
    group by partner_id, next_day, day
    having sum(accounts) <> 0 or sum(buyers) <> 0
    order by partner_id, next_day, day
    on conflict (partner_id, next_day, day) do update
    set accounts = partner_spells.accounts + excluded.accounts, buyers = partner_spells.buyers + excluded.buyers
  `;
}

/** Adds to the spells of shops. */
export async function addShopSpells(tx: Tx, spells: readonly ShopSpell[]): Promise<void> {
  if (spells.length === 0) return;
  await tx`
    insert into shop_spells (partner_id, club_id, next_day, day, accounts, visitors, buyers)
    select partner_id, club_id, next_day, day, sum(accounts), sum(visitors), sum(buyers)
    from unnest(
      ${spells.map(({ partnerId }) => partnerId)}::uuid[],
      ${spells.map(({ clubId }) => clubId)}::uuid[],
      ${spells.map(({ nextDay }) => nextDay)}::date[],
      ${spells.map(({ day }) => day)}::date[],
      ${spells.map(({ accounts }) => accounts)}::bigint[],
      ${spells.map(({ visitors }) => visitors)}::bigint[],
      ${spells.map(({ buyers }) => buyers)}::bigint[]
    ) as u (partner_id, club_id, next_day, day, accounts, visitors, buyers)
    group by partner_id, club_id, next_day, day
    having sum(accounts) <> 0 or sum(visitors) <> 0 or sum(buyers) <> 0
    order by partner_id, club_id, next_day, day
    on conflict (partner_id, club_id, next_day, day) do update
    set accounts = shop_spells.accounts + excluded.accounts, visitors = shop_spells.visitors + excluded.visitors,
      buyers = shop_spells.buyers + excluded.buyers
  `;
}

export interface MemberSpell extends Spell {
  count: number;
}

/** Adds to the spells of members, in UTC days. */
export async function addMemberSpells(tx: Tx, spells: readonly MemberSpell[]): Promise<void> {
  if (spells.length === 0) return;
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
