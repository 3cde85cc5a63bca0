import { newId } from '@punchcard/contracts';
import { findAllKept, type Tx } from '@punchcard/database';
import { insertLot, isDue, isPending, type Lot } from '../lots/rules.ts';
import { withPayingCards } from '../stamps/asked-rules.ts';
import {
  findClosed,
  findStampCards,
  findStampReferences,
  lockProgresses,
  toStampBooks,
} from '../stamps/facts-store.ts';
import { laddersOf, type Ladders } from '../tiers/rules.ts';
import { askedBy, type Asked } from './asked-rules.ts';
import { findCards, findReferences, findRewards, findStaff } from './facts-store.ts';
import { findMatches, holdShared, lockAccounts, lockCounters, lockStandings } from './locks-store.ts';
import type { AccountRow, StandingRow } from './locks-store.ts';
import { findAllLots, findFirstLots, findRipeLots, LOTS_AT_HAND, sumPending } from './lots-store.ts';
import { emptyJournal } from './journal-rules.ts';
import { named, referenceName, type Account, type Books, type Command, type Match, type Standing } from './rules.ts';

/**
 * Locks what the commands are about and reads what decides them: one round trip, as all of it is sent together. Statements
 * run in the order in which they stand here, so every fact is as it is once the locks are held. Orders for stamp cards take one
 * more, before: only the stamp cards say which accounts they pay onto. Dry books are read in a snapshot, and lock nothing.
 */
export async function openBooks(tx: Tx, commands: readonly Command[], { isDry = false } = {}): Promise<Books> {
  const byName = { ...askedBy(commands), isDry };
  const stampCards = await ifAny(byName.stamps.cards, () => findStampCards(tx, byName.stamps));
  const asked = withPayingCards(byName, stampCards);
  const rows = await readAll(tx, asked);
  const short = shortOfLots(commands, rows);
  const lots = short.length > 0 ? [...rows.lots, ...(await findAllLots(tx, short))] : rows.lots;
  return {
    matches: matchesOf(rows.matches),
    cards: new Map(rows.cards.map((card) => [named(card.partnerId, card.cardId), card])),
    rewards: new Map(rows.rewards.map((reward) => [named(reward.partnerId, reward.rewardId), reward])),
    stamps: toStampBooks({ ...rows, stampCards }),
    staff: new Map(rows.staff.map((one) => [named(one.partnerId, one.staffId), one])),
    ladders: laddersByPartner(rows.cards),
    ...accountsAndStandings({ ...rows, lots, short: new Set(short.map(nameOf)) }),
    counters: new Map(rows.counters.map((counter) => [named(counter.partnerId, counter.id), counter])),
    keys: new Map(rows.keys.map((key) => [named(key.partnerId, key.scope, key.key), key])),
    references: new Map(rows.references.map((row) => [referenceName(row), row])),
    journal: emptyJournal(),
    newId,
  };
}

type Rows = Awaited<ReturnType<typeof readAll>>;

async function readAll(tx: Tx, asked: Asked) {
  const { isDry } = asked;
  const spent = { ...asked, accounts: asked.accounts.filter(({ isSpent }) => isSpent) };
  const [
    matches,
    standings,
    progresses,
    accounts,
    ,
    counters,
    cards,
    rewards,
    staff,
    keys,
    references,
    stampFacts,
    ripe,
    first,
    pending,
  ] = await Promise.all([
    findMatches(tx, asked),
    lockStandings(tx, asked),
    ifAny(asked.stamps.progresses, () => lockProgresses(tx, asked.stamps, isDry)),
    lockAccounts(tx, asked),
    holdShared(tx, asked),
    ifAny(asked.rewards, () => lockCounters(tx, asked)),
    findCards(tx, asked),
    ifAny(asked.rewards, () => findRewards(tx, asked)),
    ifAny(asked.staff, () => findStaff(tx, asked)),
    ifAny(asked.keys, () => findAllKept(tx, asked.keys)),
    ifAny(asked.references, () => findReferences(tx, asked)),
    readStampFacts(tx, asked),
    findRipeLots(tx, asked),
    ifAny(spent.accounts, () => findFirstLots(tx, spent)),
    ifAny(spent.accounts, () => sumPending(tx, spent)),
  ]);
  const lots = [...ripe, ...first];
  return {
    matches,
    standings,
    progresses,
    accounts,
    counters,
    cards,
    rewards,
    staff,
    keys,
    references,
    ...stampFacts,
    lots,
    first,
    pending,
  };
}

async function readStampFacts(tx: Tx, { stamps }: Asked) {
  const [closed, stampReferences] = await Promise.all([
    ifAny(stamps.cards, () => findClosed(tx, stamps)),
    ifAny(stamps.references, () => findStampReferences(tx, stamps)),
  ]);
  return { closed, stampReferences };
}

const ifAny = async <T>(asked: readonly unknown[], read: () => Promise<T[]>): Promise<T[]> =>
  asked.length > 0 ? read() : [];

const nameOf = ({ partnerId, memberId, cardId }: { partnerId: string; memberId: string; cardId: string }) =>
  named(partnerId, memberId, cardId);

function laddersByPartner(cards: Rows['cards']): Map<string, Ladders> {
  const tiersOf = (of: Rows['cards']) => new Map(of.flatMap(({ tiers }) => tiers).map((tier) => [tier.tierId, tier]));
  const byPartner = Map.groupBy(cards, ({ partnerId }) => partnerId);
  return new Map([...byPartner].map(([id, of]) => [id, laddersOf([...tiersOf(of).values()])]));
}

function matchesOf(rows: Rows['matches']): Map<string, Match[]> {
  return Map.groupBy(rows, ({ partnerId, identifier }) => named(partnerId, identifier));
}

/**
 * Accounts whose lots at hand may not cover what the batch spends, at the full price of each reward. Reading all lots costs
 * another round trip, and is rare.
 */
function shortOfLots(commands: readonly Command[], { accounts, first, rewards, matches }: Rows): AccountRow[] {
  const atHand = Map.groupBy(first, nameOf);
  const truncated = accounts.filter((account) => (atHand.get(nameOf(account))?.length ?? 0) > LOTS_AT_HAND);
  if (truncated.length === 0) return [];
  const prices = new Map(rewards.map(({ partnerId, rewardId, points }) => [named(partnerId, rewardId), points]));
  const redemptions = commands.filter((command) => command.kind === 'redeem');
  // Of all commands: those that pay onto the account without naming it settle it, too.
  const times = commands.map(({ now }) => now.getTime());
  const [from, until] = [new Date(Math.min(...times)), new Date(Math.max(...times))];
  return truncated.filter((account) => {
    const identifiers = new Set(
      matches.filter(({ memberId }) => memberId === account.memberId).map(({ identifier }) => identifier),
    );
    const orders = redemptions.filter(
      ({ partnerId, cardId, candidates }) =>
        partnerId === account.partnerId &&
        cardId === account.cardId &&
        candidates.some(({ identifier }) => identifiers.has(identifier)),
    );
    const wanted = orders.reduce(
      (sum, { partnerId, rewardId }) => sum + (prices.get(named(partnerId, rewardId)) ?? 0),
      0,
    );
    const usable = atHand
      .get(nameOf(account))!
      .filter((lot) => !isDue(lot, until) && !isPending(lot, from))
      .reduce((sum, { remaining }) => sum + remaining, 0);
    return usable < wanted;
  });
}

function accountsAndStandings(rows: Rows & { short: ReadonlySet<string> }): Pick<Books, 'accounts' | 'standings'> {
  const pending = new Map(rows.pending.map((row) => [nameOf(row), row.points]));
  const accounts = new Map<string, Account>(
    rows.accounts.map((row) => {
      // Where all lots are at hand, those that stay pending are among them.
      const pendingBeyond = rows.short.has(nameOf(row)) ? 0 : (pending.get(nameOf(row)) ?? 0);
      return [nameOf(row), { ...row, isNew: false, lots: [], pendingBeyond }];
    }),
  );
  const standings = new Map<string, Standing>(
    rows.standings.map((row) => [named(row.partnerId, row.memberId), toStanding(row)]),
  );
  const lots = new Map<string, Lot>();
  for (const row of rows.lots) {
    if (lots.has(row.lotId)) continue;
    lots.set(row.lotId, row);
    const account = accounts.get(nameOf(row));
    if (account) insertLot(account.lots, row);
    if (!row.isCounted) standings.get(named(row.partnerId, row.memberId))?.asleep.push(row);
  }
  return { accounts, standings };
}

/** A standing as its row has it, with nothing that sleeps. */
export const toStanding = ({ clubs, ...row }: StandingRow): Standing => ({
  ...row,
  clubs: Object.fromEntries(
    Object.entries(clubs).map(([id, club]) => [id, { lifetimePoints: club.lifetime_points, tierId: club.tier_id }]),
  ),
  isNew: false,
  asleep: [],
});
