import type { Tx } from '@punchcard/database';
import { addUtcDaily } from '../platform/store.ts';
import { utcDayOf, utcSums } from '../platform/sums-rules.ts';
import { addMemberDays, addVisitDays, findMemberDays, findVisitDays } from '../spells/add-days.ts';
import { addFact, createSums, type Sums } from './figures-rules.ts';
import { isPurchase, isRedemption, type Fact, type MemberHistory } from './rules.ts';
import {
  addActivity,
  addDaily,
  addLifetime,
  addMonthly,
  attributeDays,
  insertFacts,
  loadHistories,
  saveRedemptions,
  sumReclassified,
} from './store.ts';

/**
 * Counts facts into the figures, each once and in any order: what a redemption changes about purchases that were counted
 * before it (attribution, before or after the first one) is moved with it.
 */
export async function ingestFacts(tx: Tx, facts: readonly Fact[]): Promise<void> {
  const fresh = await insertFacts(tx, facts);
  if (fresh.length === 0) return;
  const visits = fresh.filter((fact) => isPurchase(fact) || isRedemption(fact));
  const [known, visitDays, memberDays] = await Promise.all([
    loadHistories(tx, fresh),
    findVisitDays(
      tx,
      visits.map((fact) => ({ ...fact, isPurchase: isPurchase(fact) })),
    ),
    findMemberDays(
      tx,
      visits.map((fact) => ({ ...fact, day: utcDayOf(fact) })),
    ),
  ]);
  const { histories, newDays, newFirsts } = withRedemptions(known, fresh);
  const sums = createSums();
  if (newDays.length > 0) await moveRedeemed(tx, sums, { newDays, newFirsts, fresh });
  for (const fact of fresh) addFact(sums, fact, histories.get(nameOf(fact)) ?? nothing);

  const days = sums.days();
  // Sent at once; they run one after another, so two consumers lock the tables in this order.
  await Promise.all([
    addVisitDays(tx, visitDays),
    addActivity(tx, sums.activity()),
    addDaily(tx, days),
    addMonthly(tx, days),
    addLifetime(tx, days),
    addUtcDaily(tx, utcSums(fresh)),
    addMemberDays(tx, memberDays),
  ]);
}

/** Keeps new redemptions, and moves what they change about purchases of before. */
async function moveRedeemed(tx: Tx, sums: Sums, { newDays, newFirsts, fresh }: Redeemed): Promise<void> {
  const [, attributed, after] = await Promise.all([
    saveRedemptions(tx, { newDays, newFirsts }),
    attributeDays(tx, newDays),
    sumReclassified(tx, { newFirsts, fresh }),
  ]);
  for (const row of attributed) sums.daily(row).attributedMinor += row.revenueMinor;
  for (const row of after) {
    const daily = sums.daily(row);
    daily.afterPurchases += row.purchases;
    daily.afterMinor += row.revenueMinor;
  }
}

interface Redeemed {
  newDays: readonly RedemptionDay[];
  newFirsts: readonly FirstRedemption[];
  fresh: readonly Fact[];
}

const nothing: MemberHistory = { firstRedemptionAt: null, redemptionDays: new Set() };

export interface RedemptionDay {
  partnerId: string;
  memberId: string;
  day: string;
}

export interface FirstRedemption {
  partnerId: string;
  memberId: string;
  occurredAt: Date;
  /** What was the first until now. */
  previousAt: Date | null;
}

const nameOf = ({ partnerId, memberId }: { partnerId: string; memberId: string }) => `${partnerId} ${memberId}`;

/** Histories with the redemptions of a batch in them, and what is new in that. */
function withRedemptions(known: ReadonlyMap<string, MemberHistory>, facts: readonly Fact[]) {
  const histories = new Map(known);
  const newDays: RedemptionDay[] = [];
  const firsts = new Map<string, FirstRedemption>();
  for (const fact of facts.filter(isRedemption)) {
    const { partnerId, memberId, day, occurredAt } = fact;
    const name = nameOf(fact);
    const before = histories.get(name) ?? nothing;
    if (!before.redemptionDays.has(day)) newDays.push({ partnerId, memberId, day });
    const isFirst = before.firstRedemptionAt === null || occurredAt < before.firstRedemptionAt;
    if (isFirst) {
      const previousAt = known.get(name)?.firstRedemptionAt ?? null;
      firsts.set(name, { partnerId, memberId, occurredAt, previousAt });
    }
    histories.set(name, {
      firstRedemptionAt: isFirst ? occurredAt : before.firstRedemptionAt,
      redemptionDays: new Set([...before.redemptionDays, day]),
    });
  }
  return { histories, newDays, newFirsts: [...firsts.values()] };
}
