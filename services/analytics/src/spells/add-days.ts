import type { Tx } from '@punchcard/database';
import { spellMoves, type NewDay } from './rules.ts';
import {
  addAccountSpells,
  addMemberSpells,
  findNewAccountDays,
  findNewMemberDays,
  insertMemberDays,
  saveFirstDays,
  type AccountDay,
  type MemberDay,
} from './store.ts';

/** Counts days of accounts into their spells, and keeps the first ones. Before the days are added to `activity`, which tells which are new. */
export async function addAccountDays(tx: Tx, days: readonly AccountDay[]): Promise<void> {
  const nameOf = ({ partnerId, memberId, cardId }: AccountDay) => `${partnerId} ${memberId} ${cardId}`;
  const fresh = await findNewAccountDays(tx, distinct(days, nameOf));
  if (fresh.length === 0) return;
  const moves = byName(fresh, nameOf).flatMap((own) =>
    spellMoves(own).map((move) => ({ ...move, partnerId: own[0]!.partnerId, clubId: own[0]!.clubId })),
  );
  await addAccountSpells(tx, moves);
  const firsts = fresh.filter(({ previous }) => previous === null);
  if (firsts.length > 0) await saveFirstDays(tx, firsts);
}

/** Counts UTC days of members into their spells. */
export async function addMemberDays(tx: Tx, days: readonly MemberDay[]): Promise<void> {
  const nameOf = ({ partnerId, memberId }: MemberDay) => `${partnerId} ${memberId}`;
  const fresh = await findNewMemberDays(tx, distinct(days, nameOf));
  if (fresh.length === 0) return;
  const moves = byName(fresh, nameOf).flatMap((own) =>
    spellMoves(own).map((move) => ({ ...move, partnerId: own[0]!.partnerId })),
  );
  await insertMemberDays(tx, fresh);
  await addMemberSpells(tx, moves);
}

function distinct<T extends { day: string }>(days: readonly T[], nameOf: (day: T) => string): T[] {
  return [...new Map(days.map((one) => [`${nameOf(one)} ${one.day}`, one])).values()];
}

/** Days of each, in their order. */
function byName<T extends NewDay>(days: readonly T[], nameOf: (day: T) => string): T[][] {
  const groups = Map.groupBy(days, nameOf);
  return [...groups.values()].map((own) => own.toSorted((a, b) => (a.day < b.day ? -1 : 1)));
}
