import { pickTextOrNull, type Answer, type listMyBalances, type Reader } from '@punchcard/contracts';
import type { Sql } from '@punchcard/database';
import { laddersOf, scopeFor, tierAt } from '../tiers/rules.ts';
import { readLifetime } from './lifetime.ts';
import { shownTexts } from './rules.ts';
import { listPurses, listTiers, type Owner } from './views.ts';

/** The contract lists them in one call; who uses more cards sees where something happened last. */
const MOST = 200;

/** What a member holds on all cards that it has used. */
export async function listBalances(
  sql: Sql,
  owner: Owner,
  { now, reader }: { now: Date; reader: Reader },
): Promise<Answer<typeof listMyBalances>> {
  const [purses, lifetimeIn] = await Promise.all([
    listPurses(sql, owner, { now, limit: MOST }),
    readLifetime(sql, owner, now),
  ]);
  const clubIds = [...new Set(purses.map(({ clubId }) => clubId))];
  const ladders = laddersOf(await listTiers(sql, owner.partnerId, clubIds));
  return purses.map(({ cardId, clubId, name, titles, currency, total, pending, nextExpiry, nextExpiryPoints }) => {
    const scopeId = scopeFor(ladders, clubId);
    return {
      card_id: cardId,
      card_name: pickTextOrNull(shownTexts(titles), reader) ?? name,
      balance: total,
      active: total - pending,
      pending,
      held: 0,
      expiring_next: nextExpiry && { points: nextExpiryPoints!, expires_at: nextExpiry.toISOString() },
      currency,
      tier: tierAt(ladders.get(scopeId), lifetimeIn(scopeId))?.name ?? null,
    };
  });
}
