import { requireRoom, type PartnerGates } from '@punchcard/contracts';
import type { Tx } from '@punchcard/database';
import { findClosing } from '../cards/closing-store.ts';
import { getClub } from '../clubs/store.ts';
import { announceStampCard } from './events.ts';
import { newStampCard, requireRewardCard, type NewStampCard } from './rules.ts';
import { countStampCards, insertStampCard } from './store.ts';

/** Adds a stamp card to a club, if the partner may have one more. */
export async function createStampCard(tx: Tx, { asked, gates }: { asked: NewStampCard; gates: PartnerGates }) {
  const stampCard = newStampCard(asked);
  const { partnerId, rewardCardId } = stampCard;
  requireRoom(gates, 'stamp_cards_limit', await countStampCards(tx, { partnerId }));
  await getClub(tx, stampCard);
  if (rewardCardId !== null) {
    requireRewardCard(rewardCardId, await findClosing(tx, { partnerId, cardId: rewardCardId }));
  }
  await insertStampCard(tx, stampCard);
  return { stampCard, events: [announceStampCard(stampCard)] };
}
