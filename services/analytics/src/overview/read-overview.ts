import { majorOf } from '@punchcard/contracts';
import type { Tx } from '@punchcard/database';
import { addDays, instantOf, previousOf, type Period } from '../periods/rules.ts';
import { bestShops, meanAmount, orderIncrease, percent, pointsIn, sum, type ShopSums } from './rules.ts';
import { countActiveAccounts, countCustomers, countRetained, describeShops, sumShops, type Scope } from './views.ts';

interface Question {
  scope: Scope;
  period: Period;
  currency: string;
  timeZone: string;
}

/** The figures of the overview for one period, and the sums they were made of. */
export async function readOverview(tx: Tx, { scope, period, currency, timeZone }: Question) {
  const { end } = period;
  const before = instantOf(timeZone, addDays(end, 1));
  const [shops, customers, accounts, retention] = await Promise.all([
    sumShops(tx, scope, period),
    countCustomers(tx, scope, { before, end }),
    countActiveAccounts(tx, scope, end),
    countRetained(tx, scope, { period, previous: previousOf(period) }),
  ]);
  const own = shops.filter((shop) => shop.currency === currency);
  const figures = {
    total_customers: customers,
    active_loyalty_cards: accounts,
    ...pointsIn(shops),
    revenue_impact: {
      total_attributed: majorOf(sum(own, 'attributedMinor'), currency),
      avg_order_increase: orderIncrease(own),
      customer_retention_rate: percent(retention.retained, retention.before),
    },
    top_performing_shops: await topShops(tx, scope.partnerId, { shops: bestShops(own), period, currency }),
  };
  return { figures, shops };
}

interface Top {
  shops: readonly ShopSums[];
  period: Period;
  currency: string;
}

async function topShops(tx: Tx, partnerId: string, { shops, period, currency }: Top) {
  const clubIds = shops.map(({ clubId }) => clubId);
  const described = clubIds.length === 0 ? [] : await describeShops(tx, partnerId, { clubIds, period });
  return shops.map(({ clubId, revenueMinor, purchases }) => {
    const shop = described.find((one) => one.clubId === clubId);
    return {
      shop_id: clubId,
      shop_name: shop?.name ?? '',
      revenue: majorOf(revenueMinor, currency),
      transactions: purchases,
      active_customers: shop?.active ?? 0,
      revenue_per_customer: meanAmount(revenueMinor, shop?.buyers ?? 0, currency),
    };
  });
}
