import type { Tx } from '@punchcard/database';
import { findCardIds, touchCards } from '../cards/store.ts';
import { mostLinks, requireKnown, requireUncrowded } from './rules.ts';
import { findCrowdedCard, listCardsOfReward, saveCardsOfReward } from './store.ts';

export interface CardsOfReward {
  partnerId: string;
  rewardId: string;
  cardIds: readonly string[];
  now: Date;
}

/** Makes these the cards on which a reward can be redeemed. */
export async function putRewardOnCards(tx: Tx, { partnerId, rewardId, cardIds, now }: CardsOfReward): Promise<void> {
  requireKnown(cardIds, await findCardIds(tx, { partnerId, cardIds }), { resource: 'card', field: 'card_ids' });
  const before = new Set(await listCardsOfReward(tx, { partnerId, rewardId }));
  const after = new Set(cardIds);
  await saveCardsOfReward(tx, { partnerId, rewardId, cardIds: [...after] });
  const changed = [...before.symmetricDifference(after)];
  const crowded = await findCrowdedCard(tx, { partnerId, cardIds: changed, most: mostLinks });
  requireUncrowded(cardIds, crowded, 'card_ids');
  await touchCards(tx, { partnerId, cardIds: changed, now });
}
