import { foldCase, notFound, type Texts } from '@punchcard/contracts';
import type { Db, Tx } from '@punchcard/database';

export interface StampCardKey {
  partnerId: string;
  stampCardId: string;
}

/** What members collect stamps on. Amounts in minor units of its currency. */
export interface StampCard extends StampCardKey {
  clubId: string;
  name: string;
  title: Texts;
  description: Texts | null;
  rewardTitle: Texts | null;
  rewardDescription: Texts | null;
  stampsRequired: number;
  stampsPerPurchase: number;
  minPurchaseMinor: number | null;
  currency: string;
  maxStampsPerTransaction: number | null;
  maxStampsPerDay: number | null;
  stampsExpireDays: number | null;
  rewardPoints: number | null;
  rewardCardId: string | null;
  requiresPhysicalClaim: boolean;
  validFrom: Date | null;
  validUntil: Date | null;
  isActive: boolean;
  isVisibleByDefault: boolean;
  stampIcon: string | null;
  bgColor: string | null;
  textColor: string | null;
  createdAt: Date;
  updatedAt: Date;
}

export async function findStampCard(tx: Db, { partnerId, stampCardId }: StampCardKey): Promise<StampCard | undefined> {
  const [stampCard] = await tx<StampCard[]>`
    select ${columns(tx)}
    from stamp_cards
    where partner_id = ${partnerId} and stamp_card_id = ${stampCardId}
  `;
  return stampCard;
}

/** A stamp card, or 404. */
export async function getStampCard(tx: Db, key: StampCardKey): Promise<StampCard> {
  const stampCard = await findStampCard(tx, key);
  if (!stampCard) throw notFound('stamp_card', key.stampCardId);
  return stampCard;
}

interface Of {
  clubId?: string | null;
  rewardCardId?: string | null;
}

/** Stamp cards of a partner; or those of one of its clubs, or those that pay points onto one of its cards. */
export async function countStampCards(
  tx: Tx,
  { partnerId, clubId = null, rewardCardId = null }: Pick<StampCard, 'partnerId'> & Of,
): Promise<number> {
  const [counted] = await tx<{ count: number }[]>`
    select count(*) as count
    from stamp_cards
    where partner_id = ${partnerId}
      and (${clubId}::uuid is null or club_id = ${clubId})
      and (${rewardCardId}::uuid is null or reward_card_id = ${rewardCardId})
  `;
  return counted!.count;
}

export async function insertStampCard(tx: Tx, stampCard: StampCard): Promise<void> {
  await tx`insert into stamp_cards ${tx(row(tx, stampCard))}`;
}

export async function saveStampCard(tx: Tx, stampCard: StampCard): Promise<void> {
  await tx`
    update stamp_cards
    set ${tx(row(tx, stampCard))}
    where partner_id = ${stampCard.partnerId} and stamp_card_id = ${stampCard.stampCardId}
  `;
}

export async function deleteStampCardRow(tx: Tx, { partnerId, stampCardId }: StampCardKey): Promise<void> {
  await tx`
    delete from stamp_cards
    where partner_id = ${partnerId} and stamp_card_id = ${stampCardId}
  `;
}

const columns = (tx: Db) => tx`
  partner_id, stamp_card_id, club_id, name, title, description, reward_title, reward_description, stamps_required,
  stamps_per_purchase, min_purchase_minor, currency, max_stamps_per_transaction, max_stamps_per_day, stamps_expire_days,
  reward_points, reward_card_id, requires_physical_claim, valid_from, valid_until, is_active, is_visible_by_default,
  stamp_icon, bg_color, text_color, created_at, updated_at
`;

const row = (tx: Tx, stampCard: StampCard) => ({
  ...stampCard,
  searchKey: foldCase([stampCard.name, ...Object.values(stampCard.title)].join('\n')),
  title: tx.json(stampCard.title),
  description: stampCard.description && tx.json(stampCard.description),
  rewardTitle: stampCard.rewardTitle && tx.json(stampCard.rewardTitle),
  rewardDescription: stampCard.rewardDescription && tx.json(stampCard.rewardDescription),
});
