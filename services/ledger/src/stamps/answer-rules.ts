import {
  pickText,
  pickTextOrNull,
  type Answer,
  type listMyStampCards,
  type memberStampCards,
  type Reader,
} from '@punchcard/contracts';
import { countOf, nextExpiry, openAt, type OpenStamps } from './rules.ts';

type Texts = Readonly<Record<string, string>>;

/** A stamp card as one member has it. */
export interface Shown {
  stampCardId: string;
  titles: Texts;
  open: readonly OpenStamps[];
  begunRequired: number | null;
  stampsRequired: number;
  completedCount: number | null;
  pendingRewards: number | null;
  lastStampAt: Date | null;
}

export interface ShownToMember extends Shown {
  descriptions: Texts | null;
  rewardTitles: Texts | null;
  rewardDescriptions: Texts | null;
  rewardPoints: number | null;
  validUntil: Date | null;
  bgColor: string | null;
  textColor: string | null;
  stampIcon: string | null;
}

interface Look {
  memberId: string;
  /** Stamps that expired by then do not count, whether or not that was booked. */
  now: Date;
  reader: Reader;
}

export function toProgress(shown: Shown, { memberId, now, reader }: Look): Answer<typeof memberStampCards>[number] {
  const open = openAt(shown.open, now);
  return {
    stamp_card_id: shown.stampCardId,
    title: pickText(shown.titles, reader),
    member_id: memberId,
    current_stamps: countOf(open),
    stamps_required: open.length === 0 ? shown.stampsRequired : (shown.begunRequired ?? shown.stampsRequired),
    completed_count: shown.completedCount ?? 0,
    pending_rewards: shown.pendingRewards ?? 0,
    next_expiry: nextExpiry(open)?.toISOString() ?? null,
    last_stamp_at: shown.lastStampAt?.toISOString() ?? null,
  };
}

export const toOwnStampCard = (shown: ShownToMember, look: Look): Answer<typeof listMyStampCards>[number] => ({
  ...toProgress(shown, look),
  description: pickTextOrNull(shown.descriptions, look.reader),
  reward_title: pickTextOrNull(shown.rewardTitles, look.reader),
  reward_description: pickTextOrNull(shown.rewardDescriptions, look.reader),
  reward_points: shown.rewardPoints,
  valid_until: shown.validUntil?.toISOString() ?? null,
  bg_color: shown.bgColor,
  text_color: shown.textColor,
  stamp_icon: shown.stampIcon,
});
