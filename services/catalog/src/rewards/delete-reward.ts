import type { Tx } from '@punchcard/database';
import { putRewardOnCards } from '../links/put-reward-on-cards.ts';
import { announceDeletedReward } from './events.ts';
import { deleteRewardRow, getReward, type RewardKey } from './store.ts';

/** Always possible: the ledger's entries keep the id and the title. */
export async function deleteReward(tx: Tx, { key, locale, now }: { key: RewardKey; locale: string; now: Date }) {
  const reward = await getReward(tx, key);
  await putRewardOnCards(tx, { ...key, cardIds: [], now });
  await deleteRewardRow(tx, key);
  return { events: [announceDeletedReward(reward, locale)] };
}
