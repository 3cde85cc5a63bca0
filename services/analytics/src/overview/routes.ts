import type { Caller, Handlers, overview } from '@punchcard/contracts';
import { inSnapshot, type Sql } from '@punchcard/database';
import type { Copies } from '@punchcard/messaging';
import { dayIn, isOfAllShops, narrowed, periodOf, previousOf, shopsOf } from '../periods/rules.ts';
import { readOverview } from './read-overview.ts';
import { lessPoints, otherCurrencies } from './rules.ts';
import { listShopIds, sumLifetime } from './views.ts';

interface Deps {
  sql: Sql;
  copies: Copies;
}

export const overviewHandlers = ({ sql, copies }: Deps): Handlers<typeof overview> => ({
  'partner.analytics.overview': async ({ query, caller, shopId, now }) => {
    const { id: partnerId, currency, time_zone: timeZone } = partnerOf(caller);
    const progress = await copies.progress();
    const period = periodOf(query, dayIn(timeZone, now));
    // Without a period points are of all time.
    const isLifetime = query.start_date === undefined && query.period === undefined && query.date_range === undefined;
    // One snapshot for all figures: an event is in all of them or in none.
    const [current, previous, lifetime] = await inSnapshot(sql, async (tx) => {
      const asked = narrowed(query.shops, shopId);
      const known = isOfAllShops(asked, caller.shop_ids) ? [] : await listShopIds(tx, partnerId);
      const scope = { partnerId, shops: shopsOf(asked, { known, reach: caller.shop_ids }) };
      return Promise.all([
        readOverview(tx, { scope, period, currency, timeZone }),
        readOverview(tx, { scope, period: previousOf(period), currency, timeZone }),
        isLifetime ? sumLifetime(tx, scope, period.end) : null,
      ]);
    });
    return {
      ...current.figures,
      ...lifetime,
      period,
      previous: { ...previous.figures, ...(lifetime && lessPoints(lifetime, current.figures)) },
      other_currencies: otherCurrencies(current.shops, currency),
      as_of: progress.asOf.toISOString(),
      lag_seconds: progress.lagSeconds,
    };
  },
});

/** The partner of a key pair. Without one the gateway would not have let the call through. */
function partnerOf({ partner }: Caller) {
  if (partner === null) throw new Error('A Partner API endpoint was called without a partner.');
  return partner;
}
