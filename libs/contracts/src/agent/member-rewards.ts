import { z } from 'zod';
import { defineEndpoint } from '../endpoint.ts';
import { agentPage, id, text } from '../primitives.ts';
import { sample } from '../sample.ts';
import { reward } from './rewards.ts';

const myReward = reward.pick({
  id: true,
  title: true,
  description: true,
  points: true,
  card_ids: true,
  images: true,
  expiration_date: true,
  remaining: true,
  max_per_member: true,
  translations: true,
});

const myRewardExample = {
  id: sample.rewardId,
  title: 'Free coffee',
  description: null,
  points: 200,
  card_ids: [sample.cardId],
  images: [],
  expiration_date: null,
  remaining: null,
  max_per_member: null,
};

const shared = {
  dialect: 'agent',
  role: 'member',
  feature: 'loyalty_cards',
  success: 200,
  missing: { code: 'NOT_FOUND', resource: 'reward', idName: 'id' },
} as const;
const reads = { owner: 'catalog', method: 'GET', scopes: ['read'], idempotent: false } as const;
const params = z.object({ id: z.uuid() });

/** Active rewards within their dates, on cards that the member sees; `card_ids` holds only such. */
export const listMyRewards = defineEndpoint({
  ...shared,
  ...reads,
  id: 'agent.member.rewards.list',
  path: '/api/agent/v1/member/rewards',
  paged: true,
  summary: 'List the rewards that you may claim.',
  query: z.strictObject({ ...agentPage, card_id: id.optional() }),
  answer: z.array(myReward),
  example: { answer: [myRewardExample] },
});

export const getMyReward = defineEndpoint({
  ...shared,
  ...reads,
  id: 'agent.member.rewards.get',
  path: '/api/agent/v1/member/rewards/{id}',
  summary: 'Get a reward.',
  params,
  answer: myReward,
  example: { answer: myRewardExample },
});

/** `claim_code`: 8 characters to show at the till. A `reference` is unique among the member's own claims. */
export const claimReward = defineEndpoint({
  ...shared,
  id: 'agent.member.rewards.claim',
  owner: 'ledger',
  method: 'POST',
  path: '/api/agent/v1/member/rewards/{id}/claim',
  scopes: ['write:redeem'],
  idempotent: true,
  summary: 'Claim a reward for your points.',
  params,
  body: z.strictObject({ card_id: id, reference: text(1, 255).optional() }),
  answer: z.object({
    transaction_id: z.uuid(),
    points_deducted: z.int(),
    member_balance: z.int(),
    new_balance: z.int(),
    reward_id: z.uuid(),
    reward: z.string(),
    card_id: z.uuid(),
    member_id: z.uuid(),
    claim_code: z.string(),
    duplicate: z.boolean(),
  }),
  example: {
    body: { card_id: sample.cardId },
    answer: {
      transaction_id: sample.transactionId,
      points_deducted: 200,
      member_balance: 245,
      new_balance: 45,
      reward_id: sample.rewardId,
      reward: 'Free coffee',
      card_id: sample.cardId,
      member_id: sample.memberId,
      claim_code: 'K7QX2MWP',
      duplicate: false,
    },
  },
});
