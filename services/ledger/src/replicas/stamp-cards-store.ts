import type { Tx } from '@punchcard/database';

type Texts = Readonly<Record<string, string>>;

export interface StampCardCopy {
  partnerId: string;
  stampCardId: string;
  clubId: string;
  titles: Texts;
  descriptions: Texts | null;
  rewardTitles: Texts | null;
  rewardDescriptions: Texts | null;
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
  validFrom: string | null;
  validUntil: string | null;
  isActive: boolean;
  isVisibleByDefault: boolean;
  stampIcon: string | null;
  bgColor: string | null;
  textColor: string | null;
  isDeleted: boolean;
  createdAt: string;
  sequence: number;
}

/** Keeps the newest state; an older event that arrives late changes nothing. */
export async function saveStampCard(tx: Tx, stampCard: StampCardCopy): Promise<void> {
  const json = (texts: Texts | null) => texts && tx.json(texts);
  const row = {
    ...stampCard,
    titles: tx.json(stampCard.titles),
    descriptions: json(stampCard.descriptions),
    rewardTitles: json(stampCard.rewardTitles),
    rewardDescriptions: json(stampCard.rewardDescriptions),
  };
  await tx`
    insert into stamp_cards ${tx(row)}
    on conflict (partner_id, stamp_card_id) do update
    set club_id = excluded.club_id, titles = excluded.titles, descriptions = excluded.descriptions,
      reward_titles = excluded.reward_titles, reward_descriptions = excluded.reward_descriptions,
      stamps_required = excluded.stamps_required, stamps_per_purchase = excluded.stamps_per_purchase,
      min_purchase_minor = excluded.min_purchase_minor, currency = excluded.currency,
      max_stamps_per_transaction = excluded.max_stamps_per_transaction,
      max_stamps_per_day = excluded.max_stamps_per_day, stamps_expire_days = excluded.stamps_expire_days,
      reward_points = excluded.reward_points, reward_card_id = excluded.reward_card_id,
      requires_physical_claim = excluded.requires_physical_claim, valid_from = excluded.valid_from,
      valid_until = excluded.valid_until, is_active = excluded.is_active,
      is_visible_by_default = excluded.is_visible_by_default, stamp_icon = excluded.stamp_icon,
      bg_color = excluded.bg_color, text_color = excluded.text_color, is_deleted = excluded.is_deleted,
      sequence = excluded.sequence
    where stamp_cards.sequence < excluded.sequence
  `;
}
