import type { CallerPartner } from '@punchcard/contracts';
import type { Tx } from '@punchcard/database';
import { getClub } from '../clubs/store.ts';
import { putRewardsOnCard } from '../links/put-rewards-on-card.ts';
import { isEmpty } from '../programme/rules.ts';
import { announceRewards } from '../rewards/announce-rewards.ts';
import { announceCard } from './events.ts';
import { changedCard, requireFixedTerms, requireHomepage, type CardFields } from './rules.ts';
import { getCard, saveCard, type CardKey } from './store.ts';

export interface CardUpdate {
  key: CardKey;
  change: CardFields;
  /** The whole new set, if it changes. */
  rewardIds: readonly string[] | undefined;
  /** What `askUsage` said. */
  hasTransactions: boolean | undefined;
  partner: CallerPartner;
  now: Date;
}

/** Changes what is given. Nothing given: nothing changes, nothing is announced. */
export async function updateCard(tx: Tx, { key, change, rewardIds, hasTransactions, partner, now }: CardUpdate) {
  const before = await getCard(tx, key);
  if (isEmpty(change) && rewardIds === undefined) return { events: [] };
  if (change.clubId !== undefined) await getClub(tx, { partnerId: key.partnerId, clubId: change.clubId });
  requireFixedTerms(before, change, hasTransactions);
  const card = changedCard(before, change, now);
  requireHomepage(partner.gates, card, before);
  await saveCard(tx, card);
  const changed = rewardIds ? await putRewardsOnCard(tx, { ...key, rewardIds, now }) : [];
  const rewards = await announceRewards(tx, { ...key, rewardIds: changed, locale: partner.locale });
  return { events: [announceCard(card), ...rewards] };
}
