import type { TierMove } from '../booking/journal-rules.ts';
import type { Books, Position, Standing } from '../booking/rules.ts';
import { hasWoken, type Lot } from '../lots/rules.ts';
import { PARTNER_WIDE, tierAt, type Tier } from './rules.ts';

/** Lifetime points in the scope of a ladder, with those of lots that woke and are not counted yet. */
export function lifetimeAt(
  { lifetimePoints, clubs, asleep }: Pick<Standing, 'lifetimePoints' | 'clubs' | 'asleep'>,
  scopeId: string,
  at: Date,
): number {
  const isWide = scopeId === PARTNER_WIDE;
  const counted = isWide ? lifetimePoints : (clubs[scopeId]?.lifetimePoints ?? 0);
  return asleep
    .filter((lot) => !lot.isCounted && lot.remaining > 0 && (isWide || lot.clubId === scopeId) && hasWoken(lot, at))
    .reduce((sum, { points }) => sum + points, counted);
}

/** Counts the points of a lot that became active, for the partner and for the club. */
export function count({ books, standing }: Position, lot: Lot): void {
  const club = (standing.clubs[lot.clubId] ??= { lifetimePoints: 0, tierId: null });
  club.lifetimePoints += lot.points;
  standing.lifetimePoints += lot.points;
  lot.isCounted = true;
  books.journal.changed.set(lot, standing);
  books.journal.standings.add(standing);
}

/**
 * Counts the lots of this club that woke by now. Those of other clubs are in `lifetimeAt` all the same, and stay for the
 * sweep: their ladders are not at hand.
 */
export function wake(position: Position): void {
  const { standing, account, at } = position;
  for (const lot of standing.asleep) {
    const isReady = !lot.isCounted && lot.remaining > 0 && lot.clubId === account.clubId;
    if (isReady && hasWoken(lot, at)) count(position, lot);
  }
}

/** Puts the member where the points belong on both ladders of this card, and tells every move. */
export function place(position: Position): void {
  const { ladders, standing, account, at } = position;
  for (const scopeId of [PARTNER_WIDE, account.clubId]) {
    const tier = tierAt(ladders.get(scopeId), lifetimeAt(standing, scopeId, at));
    move(position, scopeId, tier);
  }
}

/** What a move needs of the books. */
type Moving = Pick<Position, 'ladders' | 'standing' | 'at' | 'traceparent'> & {
  books: Pick<Books, 'journal' | 'newId'>;
};

/** Puts the member on a tier of one ladder, and tells it if that is another than before. */
export function move({ books, ladders, standing, at, traceparent }: Moving, scopeId: string, tier: Tier | null): void {
  const isWide = scopeId === PARTNER_WIDE;
  const previousId = isWide ? standing.tierId : (standing.clubs[scopeId]?.tierId ?? null);
  const nextId = tier?.tierId ?? null;
  if (previousId === nextId) return;
  if (isWide) standing.tierId = nextId;
  else (standing.clubs[scopeId] ??= { lifetimePoints: 0, tierId: null }).tierId = nextId;
  const previousName = ladders.get(scopeId)?.find(({ tierId }) => tierId === previousId)?.name ?? null;
  const fact: TierMove = {
    fact: 'tier_move',
    standing,
    clubId: isWide ? null : scopeId,
    previous: { tierId: previousId, name: previousName },
    next: { tierId: nextId, name: tier?.name ?? null },
    sequence: (standing.tierMoves += 1),
    eventId: books.newId(),
    at,
    traceparent,
  };
  books.journal.facts.push(fact);
  books.journal.standings.add(standing);
}
