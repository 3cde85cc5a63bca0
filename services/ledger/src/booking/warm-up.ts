import { findAllKept, inBatch, type Sql } from '@punchcard/database';
import { findClosed, findStampCards, findStampReferences, lockProgresses } from '../stamps/facts-store.ts';
import type { Asked } from './asked-rules.ts';
import { announcing } from './events.ts';
import { findCards, findReferences, findRewards, findStaff } from './facts-store.ts';
import { findMatches, holdShared, lockAccounts, lockCounters, lockStandings } from './locks-store.ts';
import { findAllLots, findFirstLots, findRipeLots, sumPending } from './lots-store.ts';
import { emptyJournal } from './journal-rules.ts';
import { saveNothing } from './save-store.ts';

const nothing: Asked = {
  isDry: false,
  until: new Date(0),
  accounts: [],
  cards: [],
  rewards: [],
  staff: [],
  keys: [],
  references: [],
  stamps: { cards: [], progresses: [], references: [] },
};

/** Sends every statement of a batch, with nothing in its hands, on each of the lanes' connections. */
export async function warmUp(sql: Sql, lanes: number): Promise<void> {
  await Promise.all(
    Array.from({ length: lanes }, () =>
      inBatch(
        sql,
        (tx) =>
          Promise.all([
            ...[findMatches(tx, nothing), lockStandings(tx, nothing), lockAccounts(tx, nothing)],
            ...[holdShared(tx, nothing), lockCounters(tx, nothing), findCards(tx, nothing)],
            ...[
              findRewards(tx, nothing),
              findStaff(tx, nothing),
              findAllKept(tx, nothing.keys),
              findReferences(tx, nothing),
            ],
            ...[findRipeLots(tx, nothing), findFirstLots(tx, nothing), sumPending(tx, nothing)],
            findAllLots(tx, []),
            ...[findStampCards(tx, nothing.stamps), findClosed(tx, nothing.stamps)],
            ...[lockProgresses(tx, nothing.stamps), findStampReferences(tx, nothing.stamps)],
          ]),
        (tx) => {
          const nothingNew = emptyJournal();
          return {
            answer: undefined,
            statements: saveNothing(tx, nothingNew, announcing(tx, nothingNew, new Date(0))),
          };
        },
      ),
    ),
  );
}
