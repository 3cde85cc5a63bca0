import {
  partnerIdOf,
  isOpen,
  memberIdOf,
  partnerOf,
  reply,
  type addStamps,
  type closeStampCard,
  type Handlers,
  type listMyStampCards,
  type memberStampCards,
  type redeemStamps,
} from '@punchcard/contracts';
import { paginate, type Sql } from '@punchcard/database';
import { surely, type Booking } from '../booking/lanes.ts';
import { newCommand } from '../booking/new-order.ts';
import type { Identify } from '../members/identify.ts';
import { toOwnStampCard, toProgress } from './answer-rules.ts';
import { closeStampCard as close } from './close-stamp-card.ts';
import { toOpen } from './facts-store.ts';
import { listBegun } from './list-begun.ts';
import { listOwn, type ProgressView } from './views.ts';

interface Deps {
  sql: Sql;
  booking: Booking;
  copies: Parameters<typeof surely>[1];
  identify: Identify;
}

type Endpoints =
  typeof addStamps | typeof redeemStamps | typeof memberStampCards | typeof listMyStampCards | typeof closeStampCard;

export const stampHandlers = ({ sql, booking, copies, identify }: Deps): Handlers<Endpoints> => ({
  'agent.stamp_cards.add_stamps': async (call) => {
    const { data, replayed } = await booking.submit({
      ...newCommand(call, identify),
      kind: 'add_stamps',
      stampCardId: call.params.id,
      stamps: call.body.stamps ?? null,
      amount: call.body.purchase_amount ?? null,
      language: call.language,
    });
    return reply(data, { replayed });
  },

  'agent.stamp_cards.redeem': async (call) => {
    const { data, replayed } = await booking.submit({
      ...newCommand(call, identify),
      kind: 'redeem_stamps',
      stampCardId: call.params.id,
      language: call.language,
    });
    return reply(data, { replayed });
  },

  'agent.members.stamp_cards': async ({ params, query, caller, language, now }) => {
    const { id: partnerId, locale } = partnerOf(caller);
    const page = paginate(query);
    const owner = { partnerId, memberId: params.id };
    const { progresses, total } = await surely(() => listBegun(sql, owner, page), copies);
    const look = { memberId: owner.memberId, now, reader: { language, locale } };
    return reply(
      progresses.map((progress) => toProgress(shown(progress), look)),
      { pagination: page.pagination(total) },
    );
  },

  'agent.member.stamp_cards.list': async ({ query, caller, language, now }) => {
    const { id: partnerId, locale, gates } = partnerOf(caller);
    const page = paginate(query);
    const owner = { partnerId, memberId: memberIdOf(caller) };
    const { stampCards, total } = await listOwn(sql, { ...owner, isOpen: isOpen(gates, 'stamp_cards'), now }, page);
    const look = { memberId: owner.memberId, now, reader: { language, locale } };
    return reply(
      stampCards.map((stampCard) => toOwnStampCard(shown(stampCard), look)),
      { pagination: page.pagination(total) },
    );
  },

  'internal.stamp_cards.close': async ({ params, caller, now }) => {
    await close(sql, { partnerId: partnerIdOf(caller), stampCardId: params.id }, now);
    return { stamp_card_id: params.id, closed: true };
  },
});

const shown = <V extends ProgressView>({ openStamps, ...view }: V) => ({
  ...view,
  open: (openStamps ?? []).map(toOpen),
});
