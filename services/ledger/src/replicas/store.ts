import type { Tx } from '@punchcard/database';

/**
 * Copies of others' reference data. Each keeps the newest state: an older event that arrives late changes nothing, and the
 * functions say whether theirs was newer.
 */
interface Copy {
  partnerId: string;
  sequence: number;
}

export interface PartnerCopy extends Copy {
  timeZone: string;
  locale: string;
}

export async function savePartner(tx: Tx, partner: PartnerCopy): Promise<void> {
  await tx`
    insert into partners ${tx({ ...partner })}
    on conflict (partner_id) do update
    set time_zone = excluded.time_zone, locale = excluded.locale, sequence = excluded.sequence
    where partners.sequence < excluded.sequence
  `;
}

export interface ClubCopy extends Copy {
  clubId: string;
  isActive: boolean;
}

export async function saveClub(tx: Tx, club: ClubCopy): Promise<void> {
  await tx`
    insert into clubs ${tx({ ...club })}
    on conflict (partner_id, club_id) do update
    set is_active = excluded.is_active, sequence = excluded.sequence
    where clubs.sequence < excluded.sequence
  `;
}

export interface CardCopy extends Copy {
  cardId: string;
  clubId: string;
  name: string;
  titles: Record<string, string>;
  isActive: boolean;
  issueDate: string;
  expirationDate: string | null;
  currency: string;
  currencyUnitMinor: number;
  pointsPerCurrency: number;
  roundPointsUp: boolean;
  minPurchaseMinor: number | null;
  minPointsPerPurchase: number | null;
  maxPointsPerPurchase: number | null;
  initialBonusPoints: number;
  pointsExpirationMonths: number | null;
  pointsExpirationRounding: string;
  pendingDays: number;
  isVisibleByDefault: boolean;
  isDeleted: boolean;
}

export async function saveCard(tx: Tx, { titles, ...card }: CardCopy): Promise<void> {
  await tx`
    insert into cards ${tx({ ...card, titles: tx.json(titles) })}
    on conflict (partner_id, card_id) do update
    set club_id = excluded.club_id, name = excluded.name, titles = excluded.titles, is_active = excluded.is_active, issue_date = excluded.issue_date,
      expiration_date = excluded.expiration_date, currency = excluded.currency,
      currency_unit_minor = excluded.currency_unit_minor, points_per_currency = excluded.points_per_currency,
      round_points_up = excluded.round_points_up, min_purchase_minor = excluded.min_purchase_minor,
      min_points_per_purchase = excluded.min_points_per_purchase,
      max_points_per_purchase = excluded.max_points_per_purchase,
      initial_bonus_points = excluded.initial_bonus_points,
      points_expiration_months = excluded.points_expiration_months,
      points_expiration_rounding = excluded.points_expiration_rounding, pending_days = excluded.pending_days,
      is_visible_by_default = excluded.is_visible_by_default, is_deleted = excluded.is_deleted, sequence = excluded.sequence
    where cards.sequence < excluded.sequence
  `;
}

export interface RewardCopy extends Copy {
  rewardId: string;
  cardIds: string[];
  name: string;
  titles: Record<string, string>;
  points: number;
  isActive: boolean;
  activeFrom: string | null;
  expirationDate: string | null;
  maxNumberToRedeem: number | null;
  maxPerMember: number | null;
  isDeleted: boolean;
}

export async function saveReward(tx: Tx, { titles, ...reward }: RewardCopy): Promise<void> {
  await tx`
    insert into rewards ${tx({ ...reward, titles: tx.json(titles) })}
    on conflict (partner_id, reward_id) do update
    set card_ids = excluded.card_ids, name = excluded.name, titles = excluded.titles, points = excluded.points,
      is_active = excluded.is_active, active_from = excluded.active_from, expiration_date = excluded.expiration_date,
      max_number_to_redeem = excluded.max_number_to_redeem, max_per_member = excluded.max_per_member,
      is_deleted = excluded.is_deleted, sequence = excluded.sequence
    where rewards.sequence < excluded.sequence
  `;
}

export async function hasCounter(tx: Tx, partnerId: string, rewardId: string): Promise<boolean> {
  const found = await tx`
    select 1 from counters where partner_id = ${partnerId} and kind = 'reward' and id = ${rewardId}
  `;
  return found.length > 0;
}

/** Begins to count a reward's redemptions at those that were made while it had no limit. */
export async function openCounter(tx: Tx, partnerId: string, rewardId: string): Promise<void> {
  await tx`
    insert into counters (partner_id, kind, id, used)
    select ${partnerId}, 'reward', ${rewardId}, count(*)
    from entries
    where partner_id = ${partnerId} and reward_id = ${rewardId} and kind = 'redeem'
    on conflict do nothing
  `;
}

export interface TierCopy extends Copy {
  tierId: string;
  scopeId: string;
  name: string;
  displayNames: Record<string, string>;
  icon: string | null;
  color: string | null;
  level: number;
  pointsThreshold: number;
  multiplierBp: number;
  redemptionDiscountBp: number;
  isDefault: boolean;
  isActive: boolean;
  isDeleted: boolean;
}

export async function saveTier(tx: Tx, { displayNames, ...tier }: TierCopy): Promise<boolean> {
  const saved = await tx`
    insert into tiers ${tx({ ...tier, displayNames: tx.json(displayNames) })}
    on conflict (partner_id, tier_id) do update
    set scope_id = excluded.scope_id, name = excluded.name, display_names = excluded.display_names, icon = excluded.icon,
      color = excluded.color, level = excluded.level, points_threshold = excluded.points_threshold,
      multiplier_bp = excluded.multiplier_bp, redemption_discount_bp = excluded.redemption_discount_bp,
      is_default = excluded.is_default, is_active = excluded.is_active, is_deleted = excluded.is_deleted,
      sequence = excluded.sequence
    where tiers.sequence < excluded.sequence
    returning partner_id
  `;
  return saved.length > 0;
}

export interface StaffCopy extends Copy {
  staffId: string;
  clubId: string;
  displayName: string;
  isActive: boolean;
  isDeleted: boolean;
}

export async function saveStaff(tx: Tx, staff: StaffCopy): Promise<void> {
  await tx`
    insert into staff ${tx({ ...staff })}
    on conflict (partner_id, staff_id) do update
    set club_id = excluded.club_id, display_name = excluded.display_name, is_active = excluded.is_active,
      is_deleted = excluded.is_deleted, sequence = excluded.sequence
    where staff.sequence < excluded.sequence
  `;
}

export interface MemberCopy extends Copy {
  memberId: string;
  isAnonymised: boolean;
}

export async function saveMember(tx: Tx, member: MemberCopy): Promise<boolean> {
  const saved = await tx`
    insert into members ${tx({ ...member })}
    on conflict (partner_id, member_id) do update
    set is_anonymised = excluded.is_anonymised, sequence = excluded.sequence
    where members.sequence < excluded.sequence
    returning partner_id
  `;
  return saved.length > 0;
}

export interface IdentifierCopy {
  identifier: string;
  kind: string;
  isFindable: boolean;
}

/** The whole set of a member's identifiers; what is not in it is forgotten. */
export async function replaceIdentifiers(
  tx: Tx,
  { partnerId, memberId }: MemberCopy,
  identifiers: readonly IdentifierCopy[],
): Promise<void> {
  await tx`delete from member_identifiers where partner_id = ${partnerId} and member_id = ${memberId}`;
  await tx`
    insert into member_identifiers
      ${tx(identifiers.map((identifier) => ({ partnerId, memberId, ...identifier })))}
    on conflict do nothing
  `;
}
