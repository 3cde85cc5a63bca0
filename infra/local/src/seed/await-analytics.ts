import { exportEntries, overview } from '@punchcard/contracts';
import type { InternalClient } from '@punchcard/service-kit';
import { waitUntil } from '../processes/wait.ts';
import type { PartnerCredentials } from '../state/credentials.ts';
import { createApi } from './api.ts';

type Points = { issued: number; redeemed: number };

const isRedemption = (event: string): boolean =>
  event === 'staff_redeemed_points_for_reward' || event === 'member_redeemed_points_for_reward';

/** What the ledger has booked so far, by partner, counted as analytics counts it. */
export const bookedPoints = async (internal: InternalClient): Promise<Map<string, Points>> => {
  const booked = new Map<string, Points>();
  for (let after: string | null | undefined; after !== null;) {
    const page = await internal.call(exportEntries, { query: after === undefined ? {} : { after } });
    for (const { partner_id: partnerId, event, points } of page.entries) {
      const { issued, redeemed } = booked.get(partnerId) ?? { issued: 0, redeemed: 0 };
      const spent = isRedemption(event) ? -points : 0;
      booked.set(partnerId, { issued: issued + Math.max(0, points), redeemed: redeemed + spent });
    }
    after = page.next_after;
  }
  return booked;
};

/**
 * Waits until a partner's overview has so many customers and points. How far analytics is behind (`lag_seconds`) tells of the
 * topics alone: what was booked may still be on its way to them.
 */
export const awaitAnalytics = async (
  baseUrl: string,
  partner: PartnerCredentials,
  { customers, issued, redeemed }: Points & { customers: number },
): Promise<void> => {
  const api = createApi(baseUrl, { 'x-api-key': partner.api_key, 'x-api-secret': partner.api_secret });
  try {
    const hasAll = async () => {
      const shown = await api.call(overview, {});
      const hasPoints = shown.total_points_issued >= issued && shown.total_points_redeemed >= redeemed;
      return hasPoints && shown.total_customers >= customers && shown.lag_seconds < 1;
    };
    if (await waitUntil(hasAll, { timeoutMs: 60_000, everyMs: 200 })) return;
    throw new Error(`Analytics has not caught up with the history of ${partner.name} within a minute: see its log`);
  } finally {
    await api.close();
  }
};
