import type { Handlers, platformOverview } from '@punchcard/contracts';
import { inSnapshot, type Sql } from '@punchcard/database';
import type { Copies } from '@punchcard/messaging';
import { dayIn } from '../periods/rules.ts';
import { countActiveMembers, countActivePartners, countMembers, countPartners, sumPlatform } from './platform-views.ts';
import { byTier, rangeOf, revenueOf, sumOf } from './rules.ts';

interface Deps {
  sql: Sql;
  copies: Copies;
}

export const platformHandlers = ({ sql, copies }: Deps): Handlers<typeof platformOverview> => ({
  'agent.admin.analytics.overview': async ({ query, now }) => {
    const question = { ...rangeOf(query, dayIn('UTC', now)), networkId: query.network_id ?? null };
    const { asOf, lagSeconds } = await copies.progress();
    const [tiers, sums, activePartners, members, activeMembers] = await inSnapshot(sql, (tx) =>
      Promise.all([
        countPartners(tx, question),
        sumPlatform(tx, question),
        countActivePartners(tx, question),
        countMembers(tx, question),
        countActiveMembers(tx, question),
      ]),
    );
    const sumTiers = (name: 'total' | 'created') => tiers.reduce((sum, tier) => sum + tier[name], 0);
    return {
      partners: { total: sumTiers('total'), active: activePartners, new: sumTiers('created') },
      members: { total: members.total, active: activeMembers, new: members.created },
      transactions: sumOf(sums, 'purchases'),
      points_issued: sumOf(sums, 'pointsIssued'),
      points_redeemed: sumOf(sums, 'pointsRedeemed'),
      points_expired: sumOf(sums, 'pointsExpired'),
      revenue: revenueOf(sums),
      by_tier: byTier(tiers, sums),
      as_of: asOf.toISOString(),
      lag_seconds: lagSeconds,
    };
  },
});
