import { findAllKept, inBatch, type Sql, type Tx } from '@punchcard/database';
import { outboxStatement } from '@punchcard/messaging';
import { named, redeem, type Books, type Order, type Outcome } from './batch-rules.ts';
import { announceRedemption } from './events.ts';
import { findCards, findMatches, findReferences, findStaff, lockVouchers } from './open-store.ts';
import { save, saveNothing, type MemberUses } from './save-store.ts';

/** One batch, one transaction: lock and read, decide one after another, save. */
export function redeemBatch(sql: Sql, orders: readonly Order[]): Promise<PromiseSettledResult<Outcome>[]> {
  return inBatch(
    sql,
    (tx) => openBooks(tx, orders),
    (tx, books) => {
      const answer = orders.map((order) => attempt(() => redeem(books, order)));
      const statements = save(tx, { ...books, memberUses: memberUsesOf(books) });
      if (books.redemptions.length > 0) statements.push(outboxStatement(tx, books.redemptions.map(announceRedemption)));
      return { answer, statements };
    },
  );
}

/** Sends every statement of a batch, with nothing in its hands, on each of the lanes' connections. */
export async function warmUp(sql: Sql, lanes: number): Promise<void> {
  const statements = (tx: Tx) => [...saveNothing(tx), outboxStatement(tx, [])];
  await Promise.all(
    Array.from({ length: lanes }, () =>
      inBatch(
        sql,
        (tx) => readAll(tx, []),
        (tx) => ({ answer: undefined, statements: statements(tx) }),
      ),
    ),
  );
}

/** Statements run in the order in which they stand here, so every fact is as it is once the vouchers are locked. */
const readAll = (tx: Tx, orders: readonly Order[]) =>
  Promise.all([
    lockVouchers(tx, orders),
    findMatches(tx, orders),
    findStaff(tx, orders),
    findCards(tx, orders),
    findAllKept(
      tx,
      orders.flatMap(({ idempotency }) => idempotency ?? []),
    ),
    findReferences(tx, orders),
  ]);

async function openBooks(tx: Tx, orders: readonly Order[]): Promise<Books> {
  const [vouchers, matches, staff, cards, keys, references] = await readAll(tx, orders);
  return {
    vouchers: new Map(vouchers.map((voucher) => [named(voucher.partnerId, voucher.voucherId), voucher])),
    matches: Map.groupBy(matches, (row) => named(row.partnerId, row.voucherId, row.identifier)),
    memberUses: new Map(matches.map((row) => [named(row.partnerId, row.voucherId, row.memberId), row.uses])),
    staff: new Map(staff.map((row) => [named(row.partnerId, row.staffId), row.isActive ? row.clubId : null])),
    cards: new Map(cards.map((row) => [named(row.partnerId, row.cardId), row])),
    keys: new Map(keys.map((row) => [named(row.partnerId, row.scope, row.key), row])),
    references: new Map(references.map((row) => [named(row.partnerId, row.voucherId, row.orderReference), row])),
    redemptions: [],
    newKeys: [],
  };
}

/** Counters that moved, each once, in one order for all processes. */
function memberUsesOf({ redemptions, memberUses }: Books): MemberUses[] {
  const moved = new Map<string, MemberUses>();
  for (const { voucher, memberId } of redemptions) {
    const { partnerId, voucherId } = voucher;
    const name = named(partnerId, voucherId, memberId);
    moved.set(name, { partnerId, voucherId, memberId, uses: memberUses.get(name)! });
  }
  return [...moved].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, uses]) => uses);
}

/** A refusal, or a bug, is the outcome of its order alone. */
function attempt<T>(decide: () => T): PromiseSettledResult<T> {
  try {
    return { status: 'fulfilled', value: decide() };
  } catch (reason) {
    return { status: 'rejected', reason };
  }
}
