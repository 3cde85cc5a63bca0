import type { Tx } from '@punchcard/database';
import { putRewardsOnCard } from '../links/put-rewards-on-card.ts';
import { announceRewards } from '../rewards/announce-rewards.ts';
import { requireNoStampCards } from '../stamp-cards/rules.ts';
import { countStampCards } from '../stamp-cards/store.ts';
import { announceDeletedCard } from './events.ts';
import { deleteCardRow, getCard, type CardKey } from './store.ts';

/** Deletes a card that the ledger has closed; its rewards stay, without it. */
export async function deleteCard(tx: Tx, { key, locale, now }: { key: CardKey; locale: string; now: Date }) {
  const card = await getCard(tx, key);
  requireNoStampCards(await countStampCards(tx, { partnerId: key.partnerId, rewardCardId: key.cardId }));
  const changed = await putRewardsOnCard(tx, { ...key, rewardIds: [], now });
  await deleteCardRow(tx, key);
  const rewards = await announceRewards(tx, { ...key, rewardIds: changed, locale });
  return { events: [announceDeletedCard(card), ...rewards] };
}
