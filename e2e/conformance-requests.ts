import { randomInt, randomUUID } from 'node:crypto';
import { givenMember, type givenProgramme, type GivenPartner } from './given.ts';

/** A request that its endpoint accepts. */
export interface Valid {
  params?: Record<string, string>;
  query?: Record<string, string>;
  body?: Record<string, unknown>;
  /** Instead of those of the role. */
  headers?: Record<string, string>;
}

export type Row = Record<string, unknown> & { id: string };

type Member = Awaited<ReturnType<typeof givenMember>>;

/** A partner with some of everything, and what makes more of it. */
export interface World {
  partner: GivenPartner;
  programme: Awaited<ReturnType<typeof givenProgramme>>;
  /** Has plenty of points. */
  member: Member;
  other: Member;
  /** What an endpoint answers to a new valid request, changed as told. */
  fresh(endpointId: string, changes?: Valid): Promise<Row>;
  /** One that stays the same. */
  some(endpointId: string): Promise<Row>;
}

type Ask = (world: World) => Valid | Promise<Valid>;

let threshold = 1_000_000;
const unique = (word = 'Thing'): string => `${word} ${randomUUID()}`;

const nothing: Ask = () => ({});
const idOf =
  (made: string): Ask =>
  async (world) => ({ params: { id: (await world.some(made)).id } });
const renamed =
  (made: string, field = 'name'): Ask =>
  async (world) => ({ params: { id: (await world.some(made)).id }, body: { [field]: unique() } });
const gone =
  (made: string): Ask =>
  async (world) => ({ params: { id: (await world.fresh(made)).id } });

const ofPartner: Ask = ({ partner }) => ({ params: { id: partner.partnerId } });

const transactions: Record<string, Ask> = {
  'agent.transactions.list': nothing,
  'agent.transactions.get': async (world) => ({
    params: { id: String((await world.some('agent.transactions.purchase'))['transaction_id']) },
  }),
  'agent.transactions.purchase': ({ programme, member }) => ({
    body: {
      ...{ card_id: programme.card.id, member_identifier: member.email, purchase_amount: 24.5 },
      reference: unique('receipt'),
    },
  }),
  'agent.transactions.redeem': ({ programme, member }) => ({
    body: { card_id: programme.card.id, reward_id: programme.reward.id, member_identifier: member.id, note: unique() },
  }),
  'agent.transactions.estimate': ({ programme, member }) => ({
    body: { type: 'purchase', card_id: programme.card.id, member_identifier: member.id, purchase_amount: 12 },
  }),
};

const catalog: Record<string, Ask> = {
  'agent.clubs.list': nothing,
  'agent.clubs.get': idOf('agent.clubs.create'),
  'agent.clubs.create': () => ({ body: { name: unique('Club') } }),
  'agent.clubs.update': renamed('agent.clubs.create'),
  'agent.clubs.delete': gone('agent.clubs.create'),
  'agent.cards.list': nothing,
  'agent.cards.get': idOf('agent.cards.create'),
  'agent.cards.create': ({ programme }) => ({
    body: { club_id: programme.club.id, name: unique('Card'), currency: 'EUR', points_per_currency: 1 },
  }),
  'agent.cards.update': renamed('agent.cards.create'),
  'agent.cards.delete': gone('agent.cards.create'),
  'agent.rewards.list': nothing,
  'agent.rewards.get': idOf('agent.rewards.create'),
  'agent.rewards.create': ({ programme }) => ({
    body: { card_id: programme.card.id, name: unique('Reward'), points: 10 },
  }),
  'agent.rewards.update': renamed('agent.rewards.create'),
  'agent.rewards.delete': gone('agent.rewards.create'),
  'agent.tiers.list': nothing,
  'agent.tiers.get': idOf('agent.tiers.create'),
  // Thresholds must rise with the levels.
  'agent.tiers.create': () => ({ body: { name: unique('tier'), points_threshold: (threshold += 1) } }),
  'agent.tiers.update': renamed('agent.tiers.create'),
  'agent.tiers.delete': gone('agent.tiers.create'),
};

const stamps: Record<string, Ask> = {
  'agent.stamp_cards.list': nothing,
  'agent.stamp_cards.get': idOf('agent.stamp_cards.create'),
  'agent.stamp_cards.create': ({ programme }) => ({
    body: { club_id: programme.club.id, name: unique('Stamps'), title: 'Two and one free', stamps_required: 2 },
  }),
  'agent.stamp_cards.update': renamed('agent.stamp_cards.create'),
  'agent.stamp_cards.delete': gone('agent.stamp_cards.create'),
  'agent.stamp_cards.add_stamps': async (world) => ({
    params: { id: (await world.some('agent.stamp_cards.create')).id },
    body: { member_identifier: world.member.id, stamps: 2, reference: unique('receipt') },
  }),
  'agent.stamp_cards.redeem': async (world) => {
    const added = await world.fresh('agent.stamp_cards.add_stamps');
    return {
      params: { id: String(added['stamp_card_id']) },
      body: { member_identifier: world.member.id, reference: unique('hand-out') },
    };
  },
  'agent.members.stamp_cards': ({ member }) => ({ params: { id: member.id } }),
};

const vouchers: Record<string, Ask> = {
  'agent.vouchers.list': nothing,
  'agent.vouchers.get': idOf('agent.vouchers.create'),
  'agent.vouchers.create': ({ programme }) => ({
    body: {
      ...{ club_id: programme.club.id, name: unique('Voucher'), type: 'fixed_amount', value: 500 },
      max_uses_per_member: null,
    },
  }),
  'agent.vouchers.update': renamed('agent.vouchers.create'),
  'agent.vouchers.delete': gone('agent.vouchers.create'),
  'agent.vouchers.validate': async (world) => ({
    body: {
      code: (await world.some('agent.vouchers.create'))['code'],
      ...{ member_identifier: world.member.id, club_id: world.programme.club.id, order_amount: 2_000 },
    },
  }),
  'agent.vouchers.redeem': async (world) => ({
    params: { id: (await world.some('agent.vouchers.create')).id },
    body: { member_identifier: world.member.id, order_amount: 2_000, order_reference: unique('order') },
  }),
  'agent.voucher_batches.create': ({ programme }) => ({
    body: {
      ...{ name: unique('Mailing'), count: 3 },
      template: { club_id: programme.club.id, type: 'fixed_amount', value: 100 },
    },
  }),
  'agent.voucher_batches.get': idOf('agent.voucher_batches.create'),
  'agent.voucher_batches.codes': idOf('agent.voucher_batches.create'),
};

const people: Record<string, Ask> = {
  'agent.members.list': nothing,
  'agent.members.get': ({ member }) => ({ params: { id: member.id } }),
  'agent.members.balance': ({ member, programme }) => ({ params: { id: member.id, cardId: programme.card.id } }),
  'agent.staff.list': nothing,
  'agent.staff.get': idOf('agent.staff.create'),
  'agent.staff.create': ({ programme }) => ({
    body: { club_id: programme.club.id, name: 'Sam', email: `${unique('sam').replace(' ', '.')}@example.com` },
  }),
  'agent.staff.update': renamed('agent.staff.create'),
  'agent.staff.delete': gone('agent.staff.create'),
};

const member: Record<string, Ask> = {
  'agent.member.profile.get': nothing,
  'agent.member.profile.update': () => ({ body: { name: unique('Ann') } }),
  'agent.member.balance.list': nothing,
  'agent.member.balance.get': ({ programme }) => ({ params: { cardId: programme.card.id } }),
  'agent.member.cards.list': nothing,
  'agent.member.cards.get': ({ programme }) => ({ params: { id: programme.card.id } }),
  'agent.member.transactions.list': nothing,
  'agent.member.rewards.list': nothing,
  'agent.member.rewards.get': ({ programme }) => ({ params: { id: programme.reward.id } }),
  'agent.member.rewards.claim': ({ programme }) => ({
    params: { id: programme.reward.id },
    body: { card_id: programme.card.id, reference: unique('claim') },
  }),
  'agent.member.stamp_cards.list': nothing,
  'agent.member.vouchers.list': nothing,
  'agent.member.tier.get': nothing,
  'agent.member.keys.list': nothing,
  'agent.member.keys.create': () => ({ body: { name: unique('key'), preset: 'view_only' } }),
  // By another member: a member has three keys at most.
  'agent.member.keys.revoke': async (world) => {
    const headers = { 'x-agent-key': world.other.key };
    return { params: { id: (await world.fresh('agent.member.keys.create', { headers })).id }, headers };
  },
};

const admin: Record<string, Ask> = {
  'agent.admin.partners.list': nothing,
  'agent.admin.partners.get': ofPartner,
  'agent.admin.partners.create': () => ({ body: { name: unique('Partner'), email: 'office@example.com' } }),
  'agent.admin.partners.update': renamed('agent.admin.partners.create'),
  'agent.admin.partners.delete': async (world) => {
    const { id, slug } = await world.fresh('agent.admin.partners.create', { body: { status: 'suspended' } });
    return { params: { id }, query: { confirm: String(slug) } };
  },
  'agent.admin.permissions.get': ofPartner,
  'agent.admin.permissions.update': async (world) => ({
    params: { id: (await world.some('agent.admin.partners.create')).id },
    body: { clubs_limit: randomInt(1, 1e9) },
  }),
  'agent.admin.members.list': nothing,
  'agent.admin.members.get': ({ member: { id } }) => ({ params: { id } }),
  'agent.admin.networks.list': nothing,
  'agent.admin.analytics.overview': nothing,
  'agent.admin.agent_keys.list': ofPartner,
  'agent.admin.agent_keys.create': ({ partner }) => ({
    params: { id: partner.partnerId },
    body: { name: unique('key'), preset: 'view_only' },
  }),
  'agent.admin.agent_keys.update': async (world) => ({
    params: { id: (await world.some('agent.admin.agent_keys.create')).id },
    body: { name: unique('key') },
  }),
  'agent.admin.agent_keys.rotate': async (world) => ({
    params: { id: (await world.fresh('agent.admin.agent_keys.create')).id },
    body: { overlap_seconds: 60 },
  }),
  'agent.admin.agent_keys.revoke': gone('agent.admin.agent_keys.create'),
  'agent.admin.member_keys.create': async ({ partner }) => ({
    params: { id: (await givenMember(partner.slug)).id },
    body: { name: unique('key'), preset: 'view_only' },
  }),
  'agent.admin.keys.list': nothing,
  'agent.admin.keys.create': () => ({ body: { name: unique('admin'), preset: 'view_only' } }),
};

/** A valid request of every endpoint of the Agent API that answers with the envelope; each call gives another one. */
export const requests: Readonly<Record<string, Ask>> = {
  'agent.health': nothing,
  ...transactions,
  ...catalog,
  ...stamps,
  ...vouchers,
  ...people,
  ...member,
  ...admin,
};
