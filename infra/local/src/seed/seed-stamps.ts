import { addStamps, createStampCard, redeemStamps } from '@punchcard/contracts';
import type { Api } from './api.ts';
import type { SampleMember } from './members.ts';
import type { Programme } from './programmes.ts';

type Where = { api: Api; run: string; members: readonly SampleMember[]; clubId: string; cardId: string };

/** Members who collect stamps, and the most that one of them has collected so far. */
const collectors = 40;
const mostStamps = 14;

/** From a first stamp to a card and a half; who has filled one and has an even place has been given the reward. */
const stampsOf = (place: number): number => 1 + ((place * 5) % mostStamps);

const collect = async ({ stampCard }: Programme, { api, run, members }: Where, id: string): Promise<void> => {
  for (const [place, { member_id: member }] of members.slice(0, collectors).entries()) {
    const [stamps, named] = [stampsOf(place), { params: { id }, idempotencyKey: `${run}-stamps-${place}` }];
    await api.call(addStamps, { ...named, body: { member_identifier: member, stamps } });
    const hasFilled = stamps >= stampCard.stampsRequired && stampCard.points === null;
    if (!hasFilled || place % 2 === 1) continue;
    const idempotencyKey = `${run}-stamp-reward-${place}`;
    await api.call(redeemStamps, { params: { id }, idempotencyKey, body: { member_identifier: member } });
  }
};

/** Makes the stamp card of a programme and gives some members stamps, with the partner's own key; a repeat finds the same. */
export const makeStamps = async (programme: Programme, where: Where): Promise<void> => {
  const { name, title, rewardTitle, stampsRequired, expireDays, points, icon, color } = programme.stampCard;
  const { id } = await where.api.call(createStampCard, {
    idempotencyKey: `${where.run}-stamp-card`,
    body: {
      ...{ club_id: where.clubId, name, title, reward_title: rewardTitle, stamps_required: stampsRequired },
      ...{ stamps_expire_days: expireDays, stamp_icon: icon, bg_color: color, text_color: '#FFFFFF' },
      ...(points === null ? {} : { reward_points: points, reward_card_id: where.cardId }),
    },
  });
  await collect(programme, where, id);
};
