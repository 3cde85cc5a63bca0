import type { EventDraft } from '@punchcard/contracts';
import type { Tx } from '@punchcard/database';
import { announceReward } from './events.ts';
import { listLinkedRewards } from './store.ts';

/** The whole state of some rewards, as the transaction has made it. */
export async function announceRewards(
  tx: Tx,
  { partnerId, rewardIds, locale }: { partnerId: string; rewardIds: readonly string[]; locale: string },
): Promise<EventDraft[]> {
  const rewards = rewardIds.length === 0 ? [] : await listLinkedRewards(tx, { partnerId, rewardIds });
  return rewards.map((reward) => announceReward(reward, locale));
}
