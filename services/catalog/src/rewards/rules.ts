import { requireValid } from '../programme/rules.ts';
import type { Reward, RewardKey } from './store.ts';

/** What a request may say of a reward. */
export type RewardFields = Partial<Omit<Reward, keyof RewardKey | 'createdAt' | 'updatedAt'>>;
export type NewRewardFields = RewardFields & Pick<Reward, 'name' | 'points'>;

/** The reward that is asked for. */
export function newReward({ fields, now, ...key }: RewardKey & { fields: NewRewardFields; now: Date }): Reward {
  return settled({
    title: null,
    description: null,
    isActive: true,
    activeFrom: null,
    expirationDate: null,
    maxNumberToRedeem: null,
    maxPerMember: null,
    rewardType: 'product',
    images: [],
    ...fields,
    ...key,
    createdAt: now,
    updatedAt: now,
  });
}

export const changedReward = (before: Reward, change: RewardFields, now: Date): Reward =>
  settled({ ...before, ...change, updatedAt: now });

function settled(reward: Reward): Reward {
  const { activeFrom, expirationDate } = reward;
  const isBackwards = activeFrom !== null && expirationDate !== null && expirationDate <= activeFrom;
  requireValid({ expiration_date: isBackwards && 'must be after active_from' });
  return reward;
}

/** How often a reward can still be redeemed; null = without limit. A maximum below what was redeemed means sold out. */
export const remainingOf = (max: number | null, redeemed: number): number | null =>
  max === null ? null : Math.max(0, max - redeemed);
