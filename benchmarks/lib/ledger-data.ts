import { newId } from '@punchcard/contracts';
import type { Sql } from '@punchcard/database';

export interface LedgerPartner {
  partnerId: string;
  clubId: string;
  cardId: string;
  members: string[];
}

/** A partner with a card of ten points a euro and members with an account each, as the ledger's copies would be. */
export async function fillLedger(sql: Sql, memberCount: number): Promise<LedgerPartner> {
  const partner = { partnerId: newId(), clubId: newId(), cardId: newId() };
  const { partnerId, clubId, cardId } = partner;
  await sql`insert into partners (partner_id, time_zone, locale, sequence) values (${partnerId}, 'Europe/Vilnius', 'en_US', 1)`;
  await sql`insert into clubs (partner_id, club_id, is_active, sequence) values (${partnerId}, ${clubId}, true, 1)`;
  await sql`
    insert into cards (
      partner_id, card_id, club_id, is_active, issue_date, currency, currency_unit_minor, points_per_currency, round_points_up,
      initial_bonus_points, points_expiration_rounding, pending_days, is_deleted, sequence
    )
    values (${partnerId}, ${cardId}, ${clubId}, true, '2020-01-01', 'EUR', 100, 10, false, 0, 'none', 0, false, 1)
  `;
  return { ...partner, members: await addMembers(sql, partner, memberCount) };
}

/** Members whom the ledger finds by their id, each with an empty account. */
export async function addMembers(
  sql: Sql,
  { partnerId, clubId, cardId }: Omit<LedgerPartner, 'members'>,
  count: number,
): Promise<string[]> {
  const added = await sql<{ memberId: string }[]>`
    insert into members (partner_id, member_id, is_anonymised, sequence)
    select ${partnerId}::uuid, gen_random_uuid(), false, 1
    from generate_series(1, ${count}::int)
    returning member_id
  `;
  const ids = added.map(({ memberId }) => memberId);
  await sql`
    insert into member_identifiers (partner_id, identifier, member_id, kind, is_findable)
    select ${partnerId}::uuid, id, id::uuid, 'id', true
    from unnest(${ids}::text[]) as q (id)
  `;
  await sql`
    insert into member_standings (partner_id, member_id, lifetime_points, clubs, uses, tier_moves)
    select ${partnerId}::uuid, id, 0, '{}', '{}', 0
    from unnest(${ids}::uuid[]) as q (id)
  `;
  await sql`
    insert into accounts (partner_id, member_id, card_id, club_id, currency, balance, seq, has_purchased, last_entry_at)
    select ${partnerId}::uuid, id, ${cardId}::uuid, ${clubId}::uuid, 'EUR', 0, 0, true, '2020-01-01'
    from unnest(${ids}::uuid[]) as q (id)
  `;
  await sql`analyze`;
  return ids;
}

/** What must hold after any load: a balance is the sum of its entries and of its open lots. Throws if it does not. */
export async function checkLedger(sql: Sql, partnerIds: readonly string[]): Promise<number> {
  const [found] = await sql<{ accounts: number; wrong: number; entries: number }[]>`
    select count(*) as accounts, coalesce(sum(e.entries), 0)::bigint as entries,
      count(*) filter (
        where a.balance <> coalesce(e.points, 0) or a.balance <> coalesce(l.remaining, 0) or a.seq <> coalesce(e.entries, 0)
      ) as wrong
    from accounts a
    left join (
      select partner_id, member_id, card_id, sum(points) as points, count(*) as entries from entries group by 1, 2, 3
    ) e using (partner_id, member_id, card_id)
    left join (
      select partner_id, member_id, card_id, sum(remaining) as remaining from lots group by 1, 2, 3
    ) l using (partner_id, member_id, card_id)
    where a.partner_id = any(${partnerIds as string[]}::uuid[])
  `;
  if (!found || found.wrong > 0) throw new Error(`The books are wrong: ${JSON.stringify(found)}`);
  return found.entries;
}
