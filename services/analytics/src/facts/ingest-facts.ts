import type { Tx } from '@punchcard/database';
import { addUtcDaily } from '../platform/store.ts';
import { utcDayOf, utcSums } from '../platform/sums-rules.ts';
import { addAccountDays, addMemberDays } from '../spells/add-days.ts';
import { addFact, createSums } from './figures-rules.ts';
import { isPurchase, isRedemption, type Fact, type MemberHistory } from './rules.ts';
import {
  addActivity,
  addDaily,
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
  const { histories, newDays, newFirsts } = withRedemptions(await loadHistories(tx, fresh), fresh);
  const sums = createSums();

  if (newDays.length > 0) {
    await saveRedemptions(tx, { newDays, newFirsts });
    for (const row of await attributeDays(tx, newDays)) sums.daily(row).attributedMinor += row.revenueMinor;
    for (const row of await sumReclassified(tx, { newFirsts, fresh })) {
      const daily = sums.daily(row);
      daily.afterPurchases += row.purchases;
      daily.afterMinor += row.revenueMinor;
    }
  }
  for (const fact of fresh) addFact(sums, fact, histories.get(nameOf(fact)) ?? nothing);

  const visits = fresh.filter((fact) => isPurchase(fact) || isRedemption(fact));
  await addAccountDays(tx, visits);
  await addActivity(tx, sums.activity());
  await addDaily(tx, sums.days());
  await addUtcDaily(tx, utcSums(fresh));
  await addMemberDays(
    tx,
    visits.map((fact) => ({ partnerId: fact.partnerId, memberId: fact.memberId, day: utcDayOf(fact) })),
  );
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
