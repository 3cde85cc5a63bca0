import { requireRoom, type CallerPartner } from '@punchcard/contracts';
import type { Tx } from '@punchcard/database';
import { getClub } from '../clubs/store.ts';
import { putRewardsOnCard } from '../links/put-rewards-on-card.ts';
import { announceRewards } from '../rewards/announce-rewards.ts';
import { announceCard } from './events.ts';
import { newCard, requireHomepage, type NewCard } from './rules.ts';
import { countCards, insertCard } from './store.ts';

export interface CardCreation {
  asked: NewCard;
  rewardIds: readonly string[];
  partner: CallerPartner;
}

/** Adds a card to a club and puts rewards on it. */
export async function createCard(tx: Tx, { asked, rewardIds, partner }: CardCreation) {
  const { partnerId, cardId, now } = asked;
  const card = newCard(asked);
  requireHomepage(partner.gates, card);
  requireRoom(partner.gates, 'loyalty_cards_limit', await countCards(tx, { partnerId }));
  await getClub(tx, card);
  await insertCard(tx, card);
  const changed = await putRewardsOnCard(tx, { partnerId, cardId, rewardIds, now });
  const rewards = await announceRewards(tx, { partnerId, rewardIds: changed, locale: partner.locale });
  return { events: [announceCard(card), ...rewards] };
}
