import type { Plan } from '@punchcard/contracts';
import type { Tx } from '@punchcard/database';
import type { Period } from '../periods/rules.ts';

/** UTC days, both included, and the partners of which network; null = all. */
export interface Question extends Period {
  networkId: string | null;
}

export interface TierCounts {
  tier: Plan;
  total: number;
  created: number;
}

/** Across partners: how many there are by plan, and how many of all times were created in the range. */
export async function countPartners(tx: Tx, { start, end, networkId }: Question): Promise<TierCounts[]> {
  return tx<TierCounts[]>`
    select tier, count(*) filter (where not is_deleted) as total,
      count(*) filter (where (created_at at time zone 'UTC')::date between ${start}::date and ${end}::date) as created
    from partners p
    ${networkId === null ? tx`` : tx`where p.network_id = ${networkId}`}
    group by tier
  `;
}

export interface PlatformSums {
  tier: Plan;
  currency: string;
  purchases: number;
  revenueMinor: number;
  pointsIssued: number;
  pointsRedeemed: number;
  pointsExpired: number;
}

/** Across partners: what was counted in the range, by plan and currency. */
export async function sumPlatform(tx: Tx, { start, end, networkId }: Question): Promise<PlatformSums[]> {
  return tx<PlatformSums[]>`
    select p.tier, d.currency, sum(d.purchases)::bigint as purchases, sum(d.revenue_minor)::bigint as revenue_minor,
      sum(d.points_issued)::bigint as points_issued, sum(d.points_redeemed)::bigint as points_redeemed,
      sum(d.points_expired)::bigint as points_expired
    from utc_daily d
    join partners p using (partner_id)
    where d.day between ${start}::date and ${end}::date ${inNetwork(tx, networkId)}
    group by p.tier, d.currency
  `;
}

/** Across partners: those whose members bought or redeemed in the range. */
export async function countActivePartners(tx: Tx, { start, end, networkId }: Question): Promise<number> {
  const [counted] = await tx<{ count: number }[]>`
    select count(distinct d.partner_id) as count
    from utc_daily d
    join partners p using (partner_id)
    where d.day between ${start}::date and ${end}::date and (d.purchases > 0 or d.redemptions > 0)
      ${inNetwork(tx, networkId)}
  `;
  return counted?.count ?? 0;
}

/** Across partners: members who bought or redeemed in the range. Each has one spell that begins in it and ends after it. */
export async function countActiveMembers(tx: Tx, { start, end, networkId }: Question): Promise<number> {
  const [counted] = await tx<{ count: number }[]>`
    select coalesce(sum(s.members), 0)::bigint as count
    from member_spells s
    ${networkId === null ? tx`` : tx`join partners p using (partner_id)`}
    where s.next_day > ${end}::date and s.day between ${start}::date and ${end}::date ${inNetwork(tx, networkId)}
  `;
  return counted?.count ?? 0;
}

/** Across partners: members that are not anonymised, and those who registered in the range. */
export async function countMembers(
  tx: Tx,
  { start, end, networkId }: Question,
): Promise<{ total: number; created: number }> {
  const [counted] = await tx<{ total: number; created: number }[]>`
    select coalesce(sum(r.registered - r.anonymised), 0)::bigint as total,
      coalesce(sum(r.registered) filter (where r.day between ${start}::date and ${end}::date), 0)::bigint as created
    from registrations r
    ${networkId === null ? tx`` : tx`join partners p using (partner_id) where p.network_id = ${networkId}`}
  `;
  return counted!;
}

const inNetwork = (tx: Tx, networkId: string | null) =>
  networkId === null ? tx`` : tx`and p.network_id = ${networkId}`;
