import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { newId, overview } from '@punchcard/contracts';
import { officeCaller, waitFor } from '@punchcard/testing';
import { startAnalytics } from './given.ts';

let analytics: Awaited<ReturnType<typeof startAnalytics>>;
beforeAll(async () => {
  analytics = await startAnalytics();
});
afterAll(() => analytics?.stop());

const DAY = '2026-03-10';

it('figures say how old they are while facts wait to be counted, and are up to date once they were', async () => {
  const shop = await analytics.givenShop();
  const caller = officeCaller(shop.partner, ['analytics:read']);
  const ask = async () => {
    const { body } = await analytics.send(caller, overview, { query: { start_date: DAY, end_date: DAY } });
    return body.data as { total_points_issued: number; as_of: string; lag_seconds: number };
  };
  let announcedAt = 0;

  await analytics.sql.begin(async (tx) => {
    await tx`lock table facts in share row exclusive mode`;
    await shop.publish([shop.bought(newId(), `${DAY}T09:00:00.000Z`, 2_450)]);
    // A look-up until here may have found nothing new yet.
    announcedAt = Date.now();
    const late = await waitFor('the figures to be old', async () => {
      const data = await ask();
      return data.lag_seconds >= 1 && data;
    });
    expect(new Date(late.as_of).getTime()).toBeLessThanOrEqual(announcedAt);
    expect(late.total_points_issued).toBe(0);
  });

  const fresh = await waitFor('the figures to be new', async () => {
    const data = await ask();
    return new Date(data.as_of).getTime() > announcedAt && data;
  });
  expect(fresh.total_points_issued).toBe(245);
  expect(fresh.lag_seconds).toBeLessThan(5);
});
