import { dayBefore, localInstant } from './local-time.ts';
import type { SampleMember } from './members.ts';
import { createPurse } from './purse.ts';
import type { Purse } from './purse.ts';
import type { Programme } from './programmes.ts';
import { randomOf } from './random.ts';
import type { Random } from './random.ts';

/** As `internal.transactions.import` takes them. */
export type SampleRow = { reference: string; card_id: string; member_id: string; at: string } & (
  { type: 'purchase'; purchase_minor: number } | { type: 'redeem'; reward_id: string }
);

/** The ids that the catalog gave to the programme's cards (by club) and rewards, in the programme's order. */
export type CatalogIds = { cards: string[]; rewards: string[] };

/**
 * Shorter than the shortest life of a point: the ledger's sweeper would book what has expired meanwhile at its own instant, and
 * rows of the history that come before that would be refused.
 */
const historyDays = 360;
const daysPerMonth = 30.4;
const redeemProbability = 0.6;

/** December sells more, August less. */
const seasons = [0.9, 0.9, 1, 1, 1.05, 1, 0.9, 0.8, 1, 1.05, 1.1, 1.45];

const purchaseMinor = ({ visits }: Programme, random: Random): number => {
  const amount = visits.medianMinor * Math.exp(random.normal() * visits.spread);
  // Prices end in 0 or 5.
  return Math.max(50, Math.round(amount / 5) * 5);
};

/** Whether somebody who comes so often on average comes on that day. */
const comesOn = (day: Date, programme: Programme, chance: { perDay: number; random: Random }): boolean => {
  const { weekdays } = programme.visits;
  const weight = (weekdays[day.getUTCDay()] ?? 0) / (weekdays.reduce((sum, each) => sum + each, 0) / 7);
  return chance.random.isTrue(chance.perDay * weight * (seasons[day.getUTCMonth()] ?? 1));
};

type Visitor = {
  programme: Programme;
  member: SampleMember;
  ids: CatalogIds;
  random: Random;
  purse: Purse;
  /** The reward that is saved for: its position in the programme. */
  goal: number;
};

/** Cheap rewards are what most people save for. */
const goalOf = ({ rewards }: Programme, random: Random): number =>
  random.weighted(
    rewards.map((_, index) => index),
    rewards.map((_, index) => 2 ** -index),
  );

const redemption = (visitor: Visitor, cardId: string, at: Date): SampleRow[] => {
  const { programme, member, ids, random, purse, goal } = visitor;
  const reward = programme.rewards[goal];
  const rewardId = ids.rewards[goal];
  if (!reward || !rewardId || reward.points > purse.balance(cardId, at)) return [];
  if (!random.isTrue(redeemProbability)) return [];
  purse.spend(cardId, reward.points, at);
  visitor.goal = goalOf(programme, random);
  return [
    {
      type: 'redeem',
      reference: `sample-${member.member_id.slice(-12)}-r${at.getTime().toString(36)}`,
      card_id: cardId,
      member_id: member.member_id,
      at: at.toISOString(),
      reward_id: rewardId,
    },
  ];
};

const visit = (visitor: Visitor, cardId: string, at: Date): SampleRow[] => {
  const { programme, member, random, purse } = visitor;
  const minor = purchaseMinor(programme, random);
  purse.earn(cardId, minor, at);
  const purchase: SampleRow = {
    type: 'purchase',
    reference: `sample-${member.member_id.slice(-12)}-p${at.getTime().toString(36)}`,
    card_id: cardId,
    member_id: member.member_id,
    at: at.toISOString(),
    purchase_minor: minor,
  };
  return [purchase, ...redemption(visitor, cardId, new Date(at.getTime() + random.int(30, 240) * 1_000))];
};

const rowsOfMember = (visitor: Visitor, anchor: Date): SampleRow[] => {
  const { programme, member, ids, random } = visitor;
  const { perMonth, opensHour, closesHour } = programme.visits;
  // A few come often, most now and then, some never again: their interest ends on some day.
  const perDay = Math.min(0.8, (perMonth / daysPerMonth) * Math.exp(random.normal() * 0.8));
  const lastDay = random.isTrue(0.3) ? random.int(1, historyDays) : 0;
  const home = random.weighted(
    ids.cards,
    programme.clubs.map(({ share }) => share),
  );
  const rows: SampleRow[] = [];
  for (let daysAgo = historyDays; daysAgo >= lastDay; daysAgo--) {
    const day = dayBefore(anchor, daysAgo);
    if (!comesOn(day, programme, { perDay, random })) continue;
    const at = localInstant(day, random.int(opensHour * 60, closesHour * 60 - 5), programme.timeZone);
    const cardId = random.isTrue(0.85) ? home : random.pick(ids.cards);
    if (at.toISOString() <= member.registered_at) continue;
    rows.push(...visit(visitor, cardId, new Date(at.getTime() + random.int(0, 59_999))));
  }
  return rows;
};

/** Purchases and redemptions of the last twelve months, oldest first, none after `anchor`. Equal for equal days. */
export const historyOf = (options: {
  programme: Programme;
  members: SampleMember[];
  ids: CatalogIds;
  anchor: Date;
}): SampleRow[] => {
  const { programme, members, ids, anchor } = options;
  const end = anchor.toISOString();
  return members
    .flatMap((member, index) => {
      const random = randomOf(`${programme.slug} history ${index}`);
      const purse = createPurse(programme);
      return rowsOfMember({ programme, member, ids, random, purse, goal: goalOf(programme, random) }, anchor);
    })
    .filter(({ at }) => at <= end)
    .toSorted((a, b) => a.at.localeCompare(b.at));
};
