import type { Sql } from '@punchcard/database';
import { lifetimeAt } from '../tiers/standing-rules.ts';
import { findLifetime, listWakingLots, type Owner } from './views.ts';

/** Lifetime points of a member by the scope of a ladder, as of now. */
export type LifetimeIn = (scopeId: string) => number;

export async function readLifetime(sql: Sql, owner: Owner, now: Date): Promise<LifetimeIn> {
  const [lifetime, asleep] = await Promise.all([findLifetime(sql, owner), listWakingLots(sql, owner, now)]);
  const { lifetimePoints = 0, clubs = {} } = lifetime ?? {};
  const counted = {
    lifetimePoints,
    clubs: Object.fromEntries(
      Object.entries(clubs).map(([id, club]) => [id, { lifetimePoints: club.lifetime_points, tierId: club.tier_id }]),
    ),
    asleep,
  };
  return (scopeId) => lifetimeAt(counted, scopeId, now);
}
