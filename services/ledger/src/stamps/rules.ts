import { AppError, majorOf } from '@punchcard/contracts';
import { dayOf, daysAfter, endOfDay } from '../calendar/rules.ts';

/** Locale > text. */
type Texts = Readonly<Record<string, string>>;

/** A stamp card with what counts of its club and its partner. */
export interface StampCard {
  partnerId: string;
  stampCardId: string;
  clubId: string;
  titles: Texts;
  rewardTitles: Texts | null;
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
  clubIsActive: boolean;
  /** Deleted, or closed for its deletion. */
  isGone: boolean;
  timeZone: string;
  /** Of the partner. */
  locale: string;
}

/** Stamps that were given together and are on the card that was begun. */
export interface OpenStamps {
  readonly eventId: string;
  readonly stamps: number;
  /** Null = never. */
  readonly expiresAt: Date | null;
}

/** How far a member is on a stamp card. */
export interface Progress {
  readonly partnerId: string;
  readonly memberId: string;
  readonly stampCardId: string;
  /** In the order given; never as many as are required. */
  open: readonly OpenStamps[];
  /** Of the card that was begun, which keeps it to its end; null = none is begun. */
  stampsRequired: number | null;
  completedCount: number;
  pendingRewards: number;
  seq: number;
  lastStampAt: Date | null;
  lastEventAt: Date | null;
  /** The partner's day of the last stamps, and how many were given on it. */
  day: string | null;
  dayStamps: number;
  createdAt: Date | null;
  readonly isNew: boolean;
}

export const countOf = (open: readonly OpenStamps[]): number => open.reduce((sum, { stamps }) => sum + stamps, 0);

const isDue = ({ expiresAt }: OpenStamps, at: Date): boolean => expiresAt !== null && expiresAt <= at;

/** The stamps that count at an instant. */
export const openAt = (open: readonly OpenStamps[], at: Date): OpenStamps[] =>
  open.filter((group) => !isDue(group, at));

/** When the next of these stamps expire. */
export function nextExpiry(open: readonly OpenStamps[]): Date | null {
  const times = open.flatMap(({ expiresAt }) => (expiresAt === null ? [] : [expiresAt.getTime()]));
  return times.length === 0 ? null : new Date(Math.min(...times));
}

export interface Expiry {
  at: Date;
  stamps: number;
  /** What is on the card afterwards. */
  open: OpenStamps[];
}

/** What is due at `at` and was not booked: one expiry for each instant, in their order. */
export function expiriesDue(open: readonly OpenStamps[], at: Date): Expiry[] {
  const instants = new Set(open.filter((group) => isDue(group, at)).map(({ expiresAt }) => expiresAt!.getTime()));
  return [...instants]
    .toSorted((a, b) => a - b)
    .map((ms) => ({
      at: new Date(ms),
      stamps: countOf(open.filter(({ expiresAt }) => expiresAt?.getTime() === ms)),
      open: openAt(open, new Date(ms)),
    }));
}

export interface Adding {
  stampEventId: string;
  /** Null = as many as the stamp card gives. */
  stamps: number | null;
  amountMinor: number | null;
  at: Date;
}

export interface Addition {
  stamps: number;
  expiresAt: Date | null;
  /** What is on the card afterwards, and what that one requires; null = none is begun. */
  open: OpenStamps[];
  stampsRequired: number | null;
  /** Of the card to which the first stamp went. */
  stampsRequiredBefore: number;
  completions: number;
  /** Stamps that completed cards used up. */
  used: number;
  /** To be claimed at the till. */
  rewards: number;
  points: number;
  day: string;
  dayStamps: number;
}

/**
 * What stamps do to a progress of which the due ones were taken. They fill the card that was begun; what is beyond it begins
 * the next, by the number of stamps that is required then. Throws when the stamp card does not allow all of them.
 */
export function decideStamps(stampCard: StampCard, progress: Progress, adding: Adding): Addition {
  const { stampsRequired, rewardPoints, requiresPhysicalClaim, stampsExpireDays, timeZone } = stampCard;
  const { at, stampEventId } = adding;
  assertTakesStamps(stampCard, at);
  assertMinimum(stampCard, adding.amountMinor);
  const stamps = adding.stamps ?? stampCard.stampsPerPurchase;
  const dayStamps = assertWithinLimits(stampCard, progress, { stamps, at });

  const before = countOf(progress.open);
  const stampsRequiredBefore = progress.stampsRequired ?? stampsRequired;
  const beyond = before + stamps - stampsRequiredBefore;
  const completions = beyond < 0 ? 0 : 1 + Math.floor(beyond / stampsRequired);
  const left = beyond < 0 ? stamps : beyond % stampsRequired;
  const expiresAt = stampsExpireDays === null ? null : daysAfter(at, stampsExpireDays, timeZone);
  const added = left === 0 ? [] : [{ eventId: stampEventId, stamps: left, expiresAt }];
  const open = completions === 0 ? [...progress.open, ...added] : added;
  return {
    ...{ stamps, expiresAt, open, completions, stampsRequiredBefore },
    stampsRequired: open.length === 0 ? null : completions === 0 ? stampsRequiredBefore : stampsRequired,
    used: before + stamps - countOf(open),
    rewards: requiresPhysicalClaim ? completions : 0,
    points: (rewardPoints ?? 0) * completions,
    ...{ day: dayOf(at, timeZone), dayStamps },
  };
}

function assertTakesStamps(card: StampCard, at: Date): void {
  const { validFrom, validUntil } = card;
  const isBegun = validFrom === null || validFrom <= at;
  const isOver = validUntil !== null && validUntil <= at;
  if (card.isActive && card.clubIsActive && isBegun && !isOver) return;
  throw new AppError('STAMP_CARD_INACTIVE', { details: { stamp_card_id: card.stampCardId } });
}

function assertMinimum({ minPurchaseMinor, currency }: StampCard, amountMinor: number | null): void {
  if (minPurchaseMinor === null || (amountMinor !== null && amountMinor >= minPurchaseMinor)) return;
  throw new AppError('STAMP_MINIMUM_NOT_MET', {
    details: { min_purchase_amount: majorOf(minPurchaseMinor, currency) },
  });
}

/** Refused whole, not trimmed. Returns how many stamps the day then has. */
function assertWithinLimits(
  { maxStampsPerTransaction: perTransaction, maxStampsPerDay: perDay, timeZone }: StampCard,
  progress: Progress,
  { stamps, at }: { stamps: number; at: Date },
): number {
  if (perTransaction !== null && stamps > perTransaction) {
    throw new AppError('STAMP_LIMIT_REACHED', {
      details: {
        ...{ limit_name: 'max_stamps_per_transaction', limit: perTransaction, current: stamps, resets_at: null },
      },
    });
  }
  const day = dayOf(at, timeZone);
  const current = progress.day === day ? progress.dayStamps : 0;
  if (perDay !== null && current + stamps > perDay) {
    const resetsAt = endOfDay(day, timeZone).toISOString();
    throw new AppError('STAMP_LIMIT_REACHED', {
      details: { limit_name: 'max_stamps_per_day', limit: perDay, current, resets_at: resetsAt },
    });
  }
  return current + stamps;
}

/** Throws unless a reward waits to be handed out. */
export function assertPending(stampCard: StampCard, progress: Progress): void {
  if (progress.pendingRewards > 0) return;
  throw new AppError('STAMP_CARD_INCOMPLETE', {
    details: {
      current_stamps: countOf(progress.open),
      stamps_required: progress.stampsRequired ?? stampCard.stampsRequired,
    },
  });
}
