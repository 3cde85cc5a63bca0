import { z } from 'zod';
import { AppError } from './app-error.ts';

const flag = (initially: boolean) => z.boolean().default(initially);
const limit = (initially: number) => z.int().min(-1).max(1_000_000_000).default(initially);

/** Permissions of a partner with their defaults (contract 1.8): flags open a feature, limits count what may exist (-1 = no limit). */
export const partnerGates = z.strictObject({
  agent_api_permission: flag(true),
  loyalty_cards_permission: flag(true),
  loyalty_cards_limit: limit(-1),
  rewards_limit: limit(-1),
  stamp_cards_permission: flag(true),
  stamp_cards_limit: limit(-1),
  vouchers_permission: flag(true),
  vouchers_limit: limit(-1),
  voucher_batches_permission: flag(true),
  email_campaigns_permission: flag(true),
  cards_on_homepage: flag(false),
  clubs_limit: limit(-1),
  staff_members_limit: limit(-1),
  agent_keys_limit: limit(5),
  members_limit: limit(-1),
});

export type PartnerGates = z.output<typeof partnerGates>;

/** What an endpoint can be closed by: the flag's name without `_permission`. */
export type Feature =
  'agent_api' | 'loyalty_cards' | 'stamp_cards' | 'vouchers' | 'voucher_batches' | 'email_campaigns';

export const isOpen = (gates: PartnerGates, feature: Feature): boolean => gates[`${feature}_permission`];

export type LimitName = Extract<keyof PartnerGates, `${string}_limit`>;

/** 403 LIMIT_REACHED when one more would pass a limit of the partner; `current` is how many exist (contract 1.8). */
export function requireRoom(gates: PartnerGates, name: LimitName, current: number): void {
  const limit = gates[name];
  if (limit !== -1 && current >= limit) {
    throw new AppError('LIMIT_REACHED', { details: { limit_name: name, limit, current } });
  }
}
