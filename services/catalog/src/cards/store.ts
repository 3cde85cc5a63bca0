import { foldCase, notFound, type Texts } from '@punchcard/contracts';
import type { Db, Tx } from '@punchcard/database';

export interface CardKey {
  partnerId: string;
  cardId: string;
}

/** The earning rules of a club. Amounts in minor units of its currency. */
export interface Card extends CardKey {
  clubId: string;
  uniqueIdentifier: string;
  name: string;
  head: Texts | null;
  title: Texts | null;
  description: Texts | null;
  issueDate: Date;
  expirationDate: Date | null;
  currency: string;
  currencyUnitMinor: number;
  pointsPerCurrency: number;
  roundPointsUp: boolean;
  minPurchaseMinor: number | null;
  minPointsPerPurchase: number | null;
  maxPointsPerPurchase: number | null;
  initialBonusPoints: number;
  pointsExpirationMonths: number | null;
  pointsExpirationRounding: 'none' | 'day' | 'month' | 'quarter' | 'year';
  pendingDays: number;
  reversalPolicy: 'within_balance' | 'only_pending' | 'unlimited';
  isActive: boolean;
  isVisibleByDefault: boolean;
  bgColor: string | null;
  textColor: string | null;
  bgColorOpacity: number;
  bgImageUrl: string | null;
  logoUrl: string | null;
  createdAt: Date;
  updatedAt: Date;
}

export async function findCard(tx: Db, { partnerId, cardId }: CardKey): Promise<Card | undefined> {
  const [card] = await tx<Card[]>`
    select partner_id, card_id, club_id, unique_identifier, name, head, title, description, issue_date, expiration_date,
      currency, currency_unit_minor, points_per_currency, round_points_up, min_purchase_minor, min_points_per_purchase,
      max_points_per_purchase, initial_bonus_points, points_expiration_months, points_expiration_rounding, pending_days,
      reversal_policy, is_active, is_visible_by_default, bg_color, text_color, bg_color_opacity, bg_image_url, logo_url,
      created_at, updated_at
    from cards
    where partner_id = ${partnerId} and card_id = ${cardId}
  `;
  return card;
}

/** A card, or 404. */
export async function getCard(tx: Tx, key: CardKey): Promise<Card> {
  const card = await findCard(tx, key);
  if (!card) throw notFound('card', key.cardId);
  return card;
}

/** Which of these cards the partner has. */
export async function findCardIds(
  tx: Tx,
  { partnerId, cardIds }: { partnerId: string; cardIds: readonly string[] },
): Promise<Set<string>> {
  const cards = await tx<CardKey[]>`
    select card_id
    from cards
    where partner_id = ${partnerId} and card_id = any(${[...cardIds]}::uuid[])
  `;
  return new Set(cards.map(({ cardId }) => cardId));
}

/** Cards of a partner, or of one of its clubs. */
export async function countCards(
  tx: Tx,
  { partnerId, clubId = null }: { partnerId: string; clubId?: string | null },
): Promise<number> {
  const [counted] = await tx<{ count: number }[]>`
    select count(*) as count
    from cards
    where partner_id = ${partnerId} and (${clubId}::uuid is null or club_id = ${clubId})
  `;
  return counted!.count;
}

export async function insertCard(tx: Tx, card: Card): Promise<void> {
  await tx`insert into cards ${tx(row(tx, card))}`;
}

export async function saveCard(tx: Tx, card: Card): Promise<void> {
  await tx`
    update cards
    set ${tx(row(tx, card))}
    where partner_id = ${card.partnerId} and card_id = ${card.cardId}
  `;
}

/** Notes when the set of rewards of these cards changed. */
export async function touchCards(
  tx: Tx,
  { partnerId, cardIds, now }: { partnerId: string; cardIds: readonly string[]; now: Date },
): Promise<void> {
  await tx`
    update cards
    set updated_at = ${now}
    where partner_id = ${partnerId} and card_id = any(${[...cardIds]}::uuid[])
  `;
}

export async function deleteCardRow(tx: Tx, { partnerId, cardId }: CardKey): Promise<void> {
  await tx`
    delete from cards
    where partner_id = ${partnerId} and card_id = ${cardId}
  `;
}

const row = (tx: Tx, card: Card) => ({
  ...card,
  searchKey: foldCase(`${card.name}\n${card.uniqueIdentifier}`),
  head: card.head && tx.json(card.head),
  title: card.title && tx.json(card.title),
  description: card.description && tx.json(card.description),
});
