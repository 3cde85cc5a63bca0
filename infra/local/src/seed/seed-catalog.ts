import { createCard, createClub, createReward, createStaff, createTier } from '@punchcard/contracts';
import type { Api } from './api.ts';
import type { CatalogIds } from './history.ts';
import { dayBefore } from './local-time.ts';
import { asMailbox } from './names.ts';
import type { Programme } from './programmes.ts';

/** Cards must have been valid before the first purchase of the history. */
const issuedDaysAgo = 600;

type Where = { api: Api; run: string; anchor: Date };

type Places = { clubs: string[]; cards: string[] };

const makeCards = async ({ clubs, card, currency }: Programme, { api, run, anchor }: Where): Promise<Places> => {
  const made: Places = { clubs: [], cards: [] };
  for (const [index, { name, description }] of clubs.entries()) {
    const club = await api.call(createClub, { idempotencyKey: `${run}-club-${index}`, body: { name, description } });
    const { id } = await api.call(createCard, {
      idempotencyKey: `${run}-card-${index}`,
      body: {
        club_id: club.id,
        name: clubs.length === 1 ? card.name : `${card.name}, ${name}`,
        currency,
        points_per_currency: card.pointsPerCurrency,
        initial_bonus_points: card.initialBonusPoints,
        points_expiration_months: card.pointsExpirationMonths,
        min_purchase_amount: card.minPurchaseMinor === 0 ? null : card.minPurchaseMinor / 100,
        issue_date: dayBefore(anchor, issuedDaysAgo).toISOString(),
      },
    });
    made.clubs.push(club.id);
    made.cards.push(id);
  }
  return made;
};

const makeTiers = async ({ tiers }: Programme, { api, run }: Where): Promise<void> => {
  for (const [level, { name, displayName, threshold, multiplier, discount, color }] of tiers.entries()) {
    await api.call(createTier, {
      idempotencyKey: `${run}-tier-${level}`,
      body: {
        ...{ name, level, color },
        display_name: displayName,
        points_threshold: threshold,
        points_multiplier: multiplier,
        redemption_discount: discount,
      },
    });
  }
};

const makeRewards = async (programme: Programme, cardIds: string[], { api, run }: Where): Promise<string[]> => {
  const ids: string[] = [];
  for (const [index, { name, points, type }] of programme.rewards.entries()) {
    const { id } = await api.call(createReward, {
      idempotencyKey: `${run}-reward-${index}`,
      body: { name, points, reward_type: type, card_ids: cardIds },
    });
    ids.push(id);
  }
  return ids;
};

const makeStaff = async ({ staff, slug }: Programme, clubIds: string[], { api, run }: Where): Promise<void> => {
  for (const [index, { name, club }] of staff.entries()) {
    await api.call(createStaff, {
      idempotencyKey: `${run}-staff-${index}`,
      body: { club_id: clubIds[club]!, name, email: `${asMailbox(name)}@${slug}.example` },
    });
  }
};

/** Makes clubs with their staff, cards, tiers and rewards of a programme with the partner's own key; a repeat finds the same. */
export const makeCatalog = async (programme: Programme, where: Where): Promise<CatalogIds & Places> => {
  await makeTiers(programme, where);
  const { clubs, cards } = await makeCards(programme, where);
  await makeStaff(programme, clubs, where);
  const rewards = await makeRewards(programme, cards, where);
  return { clubs, cards, rewards };
};
