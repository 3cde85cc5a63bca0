import type { Sql } from '@punchcard/database';
import { PARTNER_WIDE } from '../tiers/rules.ts';
import { findLifetime, type Owner } from './views.ts';

/** Lifetime points of a member by the scope of a ladder, as of now. */
export type LifetimeIn = (scopeId: string) => number;

export async function readLifetime(sql: Sql, owner: Owner, now: Date): Promise<LifetimeIn> {
  const { lifetimePoints = 0, clubs = {}, woken = [] } = (await findLifetime(sql, owner, now)) ?? {};
  return (scopeId) => {
    const isWide = scopeId === PARTNER_WIDE;
    const counted = isWide ? lifetimePoints : (clubs[scopeId]?.lifetime_points ?? 0);
    return woken.reduce(
      (sum, { club_id: clubId, points }) => (isWide || clubId === scopeId ? sum + points : sum),
      counted,
    );
  };
}
