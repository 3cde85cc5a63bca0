import type { Page, Sql } from '@punchcard/database';
import type { OpenRow } from './facts-store.ts';

type Texts = Readonly<Record<string, string>>;

/** A stamp card as one member sees it; without progress it is not begun. */
export interface ProgressView {
  stampCardId: string;
  titles: Texts;
  openStamps: OpenRow[] | null;
  /** Of the card that was begun. */
  begunRequired: number | null;
  /** Of the next. */
  stampsRequired: number;
  completedCount: number | null;
  pendingRewards: number | null;
  lastStampAt: Date | null;
}

export interface OwnStampCard extends ProgressView {
  descriptions: Texts | null;
  rewardTitles: Texts | null;
  rewardDescriptions: Texts | null;
  rewardPoints: number | null;
  validUntil: Date | null;
  bgColor: string | null;
  textColor: string | null;
  stampIcon: string | null;
}

export interface Owner {
  partnerId: string;
  memberId: string;
}

/** What a member has begun, the newest first. What was begun on a deleted stamp card has ended. */
export async function listBegun(
  sql: Sql,
  { partnerId, memberId }: Owner,
  { limit, offset }: Pick<Page, 'limit' | 'offset'>,
) {
  const begun = sql`
    select ${progress(sql)}
    from stamp_progress p
    join stamp_cards s using (partner_id, stamp_card_id)
    where p.partner_id = ${partnerId} and p.member_id = ${memberId} and ${isThere(sql)}
  `;
  const [progresses, counted] = await Promise.all([
    sql<ProgressView[]>`${begun} order by p.created_at desc, p.stamp_card_id desc limit ${limit} offset ${offset}`,
    sql<{ total: number }[]>`select count(*) as total from (${begun}) begun where partner_id = ${partnerId}`,
  ]);
  return { progresses, total: counted[0]!.total };
}

/** The stamp cards of a member, the newest card first: begun ones, and those that take stamps and are for everybody. */
export async function listOwn(
  sql: Sql,
  { partnerId, memberId, isOpen, now }: Owner & { isOpen: boolean; now: Date },
  { limit, offset }: Pick<Page, 'limit' | 'offset'>,
) {
  const own = sql`
    select
      ${progress(sql)}, s.descriptions, s.reward_titles, s.reward_descriptions, s.reward_points, s.valid_until, s.bg_color,
      s.text_color, s.stamp_icon
    from stamp_cards s
    join clubs using (partner_id, club_id)
    left join stamp_progress p
      on p.partner_id = s.partner_id and p.member_id = ${memberId} and p.stamp_card_id = s.stamp_card_id
    where s.partner_id = ${partnerId} and ${isThere(sql)} and (
      p.member_id is not null
      or ${isOpen} and s.is_visible_by_default and s.is_active and clubs.is_active
        and (s.valid_from is null or s.valid_from <= ${now}) and (s.valid_until is null or s.valid_until > ${now})
    )
  `;
  const [stampCards, counted] = await Promise.all([
    sql<OwnStampCard[]>`${own} order by s.created_at desc, s.stamp_card_id desc limit ${limit} offset ${offset}`,
    sql<{ total: number }[]>`select count(*) as total from (${own}) own where partner_id = ${partnerId}`,
  ]);
  return { stampCards, total: counted[0]!.total };
}

const isThere = (sql: Sql) => sql`
  not s.is_deleted and not exists (
    select from closed_stamp_cards c where c.partner_id = s.partner_id and c.stamp_card_id = s.stamp_card_id
  )
`;

const progress = (sql: Sql) => sql`
  s.partner_id, s.stamp_card_id, s.titles, p.open_stamps, p.stamps_required as begun_required, s.stamps_required, p.completed_count,
  p.pending_rewards, p.last_stamp_at
`;
