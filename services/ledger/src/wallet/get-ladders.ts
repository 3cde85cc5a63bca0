import type { Answer, getMyTier, Reader } from '@punchcard/contracts';
import type { Sql } from '@punchcard/database';
import { laddersOf } from '../tiers/rules.ts';
import { readLifetime } from './lifetime.ts';
import { isSeen, shownLadders } from './rules.ts';
import { listCards, listTiers, type Owner } from './views.ts';

/** Where a member stands on each ladder that counts for a card it sees. */
export async function getLadders(
  sql: Sql,
  owner: Owner,
  { now, reader }: { now: Date; reader: Reader },
): Promise<Answer<typeof getMyTier>> {
  const [known, lifetimeIn] = await Promise.all([listCards(sql, owner), readLifetime(sql, owner, now)]);
  const cards = known.filter((card) => isSeen(card, now));
  const clubIds = [...new Set(cards.map(({ clubId }) => clubId))];
  const ladders = laddersOf(await listTiers(sql, owner.partnerId, clubIds));
  return { ladders: shownLadders({ cards, ladders, lifetimeIn }, reader) };
}
