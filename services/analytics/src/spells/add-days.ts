import type { Tx } from '@punchcard/database';
import { daysOf, movesBy, movesOf, type Counted, type NewDay, type Visit } from './rules.ts';
import {
  addMemberSpells,
  addPartnerSpells,
  addShopSpells,
  findNewDays,
  findNewMemberDays,
  insertMemberDays,
  saveFirstDays,
  type MemberDay,
} from './store.ts';

/** What visits change: of each that is counted the days that are new. Before they are added to `activity`, which tells which are. */
export async function findVisitDays(tx: Tx, visits: readonly Visit[]) {
  const find = (counted: Counted) => findNewDays(tx, counted, daysOf(counted, visits));
  const [accounts, visitors, shopBuyers, buyers] = await Promise.all([
    find('account'),
    find('visitor'),
    find('shopBuyer'),
    find('buyer'),
  ]);
  return { accounts, visitors, shopBuyers, buyers };
}

type VisitDays = Awaited<ReturnType<typeof findVisitDays>>;

/** Counts new days into the spells of the partner and of its shops, and keeps the first ones. All of it is sent at once. */
export async function addVisitDays(tx: Tx, { accounts, visitors, shopBuyers, buyers }: VisitDays): Promise<void> {
  const none = { accounts: 0, visitors: 0, buyers: 0 };
  const accountMoves = movesOf('account', accounts).map((move) => ({ ...move, ...none, accounts: move.count }));
  const buyerMoves = movesOf('buyer', buyers).map((move) => ({ ...move, ...none, buyers: move.count }));
  await Promise.all([
    addPartnerSpells(tx, [...accountMoves, ...buyerMoves]),
    addShopSpells(tx, [
      ...accountMoves,
      ...movesOf('visitor', visitors).map((move) => ({ ...move, ...none, visitors: move.count })),
      ...movesOf('shopBuyer', shopBuyers).map((move) => ({ ...move, ...none, buyers: move.count })),
    ]),
    saveFirstDays(
      tx,
      visitors.filter(({ previous }) => previous === null),
    ),
  ]);
}

const nameOf = ({ partnerId, memberId }: MemberDay) => `${partnerId} ${memberId}`;

/** Of UTC days of members those that are new. */
export async function findMemberDays(tx: Tx, days: readonly MemberDay[]): Promise<(MemberDay & NewDay)[]> {
  return findNewMemberDays(tx, [...new Map(days.map((one) => [`${nameOf(one)} ${one.day}`, one])).values()]);
}

/** Counts new UTC days of members into their spells. All of it is sent at once. */
export async function addMemberDays(tx: Tx, fresh: readonly (MemberDay & NewDay)[]): Promise<void> {
  await Promise.all([insertMemberDays(tx, fresh), addMemberSpells(tx, movesBy(nameOf, fresh))]);
}
