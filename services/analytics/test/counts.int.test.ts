import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@punchcard/contracts';
import type { Tx } from '@punchcard/database';
import { createTestDatabase, type TestDatabase } from '@punchcard/testing';
import { ingestFacts } from '../src/facts/ingest-facts.ts';
import { isPurchase, isRedemption, type Fact } from '../src/facts/rules.ts';
import {
  countActiveAccounts,
  countCustomers,
  countRetained,
  describeShops,
  sumShops,
  type Scope,
} from '../src/overview/views.ts';
import { addDays, previousOf, type Period } from '../src/periods/rules.ts';
import { countRegistration } from '../src/platform/store.ts';
import { saveMember } from '../src/replicas/store.ts';
import { backfill } from './given-backfill.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase('analytics');
});
afterAll(() => database.drop());

const FIRST = '2025-11-20';
const SPAN = 100;

/** The same numbers in each run. */
function createRandom(seed: number) {
  let state = seed;
  const below = (limit: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor((state / 2 ** 31) * limit);
  };
  const shuffled = <T>(items: readonly T[]): T[] =>
    items
      .map((item) => [below(2 ** 30), item] as const)
      .sort(([a], [b]) => a - b)
      .map(([, item]) => item);
  return { below, shuffled };
}

interface Member {
  memberId: string;
  registeredAt: Date;
  anonymisedAt: Date | null;
}

const events = [
  'staff_credited_points_for_purchase',
  'staff_credited_points_for_purchase',
  'staff_redeemed_points_for_reward',
  'points_expired',
];

/** A partner with four shops of two cards each, whose members come at random. */
function randomStory(seed: number) {
  const { below, shuffled } = createRandom(seed);
  const partnerId = newId();
  const shops = Array.from({ length: 4 }, () => ({ clubId: newId(), cardIds: [newId(), newId()] }));
  const midnight = (day: number) => Date.parse(`${addDays(FIRST, day)}T00:00:00Z`);
  const members = Array.from({ length: 25 }, (): Member => {
    const registered = below(SPAN);
    const registeredAt = new Date(midnight(registered) + below(24) * 3_600_000);
    const anonymisedAt = below(4) === 0 ? new Date(registeredAt.getTime() + below(40) * 3_600_000) : null;
    return { memberId: newId(), registeredAt, anonymisedAt };
  });
  const facts = Array.from({ length: 400 }, (): Fact => {
    const { clubId, cardIds } = shops[below(shops.length)]!;
    const day = below(SPAN);
    return {
      ...{ partnerId, clubId, memberId: members[below(members.length)]!.memberId, cardId: cardIds[below(2)]! },
      ...{
        transactionId: newId(),
        event: events[below(events.length)]!,
        points: 1,
        purchaseMinor: 100,
        currency: 'EUR',
      },
      ...{ occurredAt: new Date(midnight(day) + below(86_400) * 1_000), day: addDays(FIRST, day) },
    };
  });
  return { partnerId, clubIds: shops.map(({ clubId }) => clubId), members, facts, below, shuffled };
}

type Story = ReturnType<typeof randomStory>;

/** Gives the facts in batches and in no order, some of them twice; to two consumers at once, each with members of its own. */
async function tell({ partnerId, facts, members, below, shuffled }: Story): Promise<void> {
  const coming = shuffled([...facts, ...facts.slice(0, 40)]);
  const firsts = new Set(members.slice(0, 12).map(({ memberId }) => memberId));
  const ingest = async (own: Fact[]) => {
    while (own.length > 0) {
      const batch = own.splice(0, 1 + below(60));
      await database.sql.begin((tx) => ingestFacts(tx, batch));
    }
  };
  await Promise.all([
    ingest(coming.filter(({ memberId }) => firsts.has(memberId))),
    ingest(coming.filter(({ memberId }) => !firsts.has(memberId))),
  ]);
  for (const { memberId, registeredAt, anonymisedAt } of members) {
    await database.sql.begin(async (tx) => {
      const states = anonymisedAt === null ? [null] : [null, anonymisedAt];
      for (const [n, departedAt] of states.entries()) {
        const copy = { partnerId, memberId, registeredAt, anonymisedAt: departedAt, sequence: n + 1 };
        const { isNew } = await saveMember(tx, copy);
        await countRegistration(tx, { partnerId, registeredAt, departedAt, isNew });
      }
    });
  }
}

const within = ({ start, end }: Period, { day }: Fact) => day >= start && day <= end;
const membersOf = (facts: readonly Fact[]) => new Set(facts.map(({ memberId }) => memberId));

/** What the facts say, one by one. */
function figuresOf({ facts, members }: Story, { shops }: Scope, { period, before }: { period: Period; before: Date }) {
  const { end } = period;
  const here = facts.filter(({ clubId }) => shops === null || shops.includes(clubId));
  const visits = here.filter((fact) => isPurchase(fact) || isRedemption(fact));
  const purchases = visits.filter(isPurchase);
  const previously = membersOf(purchases.filter((fact) => within(previousOf(period), fact)));
  const lately = visits.filter((fact) => within({ start: addDays(end, -364), end }, fact));
  const came = membersOf(visits.filter(({ day }) => day <= end));
  const isThere = ({ memberId, registeredAt }: Member) => (shops === null ? registeredAt < before : came.has(memberId));
  return {
    accounts: new Set(lately.map(({ memberId, cardId }) => `${memberId} ${cardId}`)).size,
    retention: {
      before: previously.size,
      retained: previously.intersection(membersOf(purchases.filter((fact) => within(period, fact)))).size,
    },
    customers: members.filter(
      (member) => isThere(member) && (member.anonymisedAt === null || member.anonymisedAt >= before),
    ).length,
    purchases: purchases.filter((fact) => within(period, fact)).length,
    shops: [...new Set(here.map(({ clubId }) => clubId))].sort().map((clubId) => {
      const own = visits.filter((fact) => fact.clubId === clubId && within(period, fact));
      return { clubId, active: membersOf(own).size, buyers: membersOf(own.filter(isPurchase)).size };
    }),
  };
}

/** What the tables say. */
async function countedFigures(tx: Tx, scope: Scope, { period, before }: { period: Period; before: Date }) {
  const { end } = period;
  const clubIds = scope.shops === null ? [] : [...scope.shops];
  const [accounts, retention, customers, sums, shops] = await Promise.all([
    countActiveAccounts(tx, scope, end),
    countRetained(tx, scope, { period, previous: previousOf(period) }),
    countCustomers(tx, scope, { end, before }),
    sumShops(tx, scope, period),
    describeShops(tx, scope.partnerId, { clubIds, period }),
  ]);
  return {
    ...{ accounts, retention: { ...retention }, customers },
    purchases: sums.reduce((total, { purchases }) => total + purchases, 0),
    shops: shops
      .map(({ clubId, active, buyers }) => ({ clubId, active, buyers }))
      .sort((a, b) => (a.clubId < b.clubId ? -1 : 1)),
  };
}

describe('every count of the overview', () => {
  it.each([1, 2, 3])(
    'is what the facts say, for any period and shops, in whatever order they came (%i)',
    async (seed) => {
      const story = randomStory(seed);
      await tell(story);
      const { partnerId, clubIds, below, shuffled } = story;

      for (let n = 0; n < 30; n += 1) {
        const start = addDays(FIRST, below(SPAN + 20) - 10);
        const period = { start, end: addDays(start, below(n % 2 === 0 ? 8 : 90)) };
        // Where the day of the partner ends is of no matter to the days of facts, but to the instant of a registration.
        const before = new Date(Date.parse(`${addDays(period.end, 1)}T00:00:00Z`) + (below(27) - 12) * 3_600_000);
        for (const shops of [null, clubIds.slice(n % 4, (n % 4) + 1), shuffled(clubIds).slice(0, 2), clubIds, []]) {
          const scope = { partnerId, shops };
          const { shops: described, ...expected } = figuresOf(story, scope, { period, before });
          const counted = await database.sql.begin((tx) => countedFigures(tx, scope, { period, before }));
          expect({ ...counted, period }).toEqual({ ...expected, shops: shops === null ? [] : described, period });
        }
      }
    },
  );
});

describe('what the migration fills', () => {
  it('is what the facts left behind one by one', async () => {
    const { sql } = database;
    const read = () =>
      Promise.all([
        sql`select * from partner_spells where accounts <> 0 or buyers <> 0 order by partner_id, next_day, day`,
        sql`
          select * from shop_spells
          where accounts <> 0 or visitors <> 0 or buyers <> 0
          order by partner_id, club_id, next_day, day
        `,
        sql`select * from monthly order by partner_id, month, club_id, currency`,
      ]);
    await tell(randomStory(4));
    const counted = await read();
    await sql`truncate partner_spells, shop_spells, monthly`;

    await backfill(sql);

    expect(counted.map((rows) => rows.length)).toEqual([expect.any(Number), expect.any(Number), expect.any(Number)]);
    expect(await read()).toEqual(counted);
    expect(Math.min(...counted.map((rows) => rows.length))).toBeGreaterThan(10);
  });
});
