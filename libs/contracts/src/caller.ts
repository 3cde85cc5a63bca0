import { z } from 'zod';
import { partnerGates } from './features.ts';
import { plans } from './plans.ts';

/** Stands where a partner id would, for what belongs to the platform (admin keys, their idempotency). */
export const PLATFORM_ID = '00000000-0000-0000-0000-000000000000';

/** What services need to know of the partner behind a call. Effective within a second of a change. */
export const callerPartner = z.object({
  id: z.uuid(),
  name: z.string(),
  slug: z.string(),
  plan: z.enum(plans),
  currency: z.string(),
  time_zone: z.string(),
  locale: z.string(),
  gates: partnerGates,
});

/** Who calls, as the gateway (or another service) signed it. Services trust nothing else. */
export const callerSchema = z.object({
  /** `system` is one of our services acting for itself; `public` is a caller without a key. */
  role: z.enum(['partner', 'member', 'admin', 'public', 'system']),
  /** How it was authenticated. */
  via: z.enum(['agent_key', 'api_key', 'none', 'service']),
  partner_id: z.uuid().nullable(),
  member_id: z.uuid().nullable(),
  key_id: z.uuid().nullable(),
  key_name: z.string().nullable(),
  scopes: z.array(z.string()),
  permissions: z.array(z.string()),
  /** Shops a Partner API caller sees; null = all. */
  shop_ids: z.array(z.uuid()).nullable(),
  partner: callerPartner.nullable(),
  request_id: z.string(),
  /** The client's address, for what is counted by it. */
  ip: z.string().nullable(),
});

export type Caller = z.output<typeof callerSchema>;
export type CallerPartner = z.output<typeof callerPartner>;

/** Names one write for good (contract 1.5). `requestHash` covers method, path, query and parsed body but for its secrets. */
export interface IdempotencyKey {
  partnerId: string;
  /** `partner`, `member:<id>`, `platform` or `join:<ip>`. */
  scope: string;
  key: string;
  requestHash: string;
}

/** Sequences that a caller must see applied: source service > sequence of its partner. */
export type Marks = Readonly<Record<string, number>>;

/** The partner behind a call. Every role but `admin`, `public` and `system` brings one, so its lack is a bug. */
export function partnerOf({ partner, role }: Caller): CallerPartner {
  if (!partner) throw new Error(`A caller of role ${role} has no partner.`);
  return partner;
}

/** The id of the partner whose rows a call is about, also when a service asks of its own accord. Its lack is a bug. */
export function partnerIdOf({ partner_id: partnerId, role }: Caller): string {
  if (partnerId === null) throw new Error(`A caller of role ${role} has no partner.`);
  return partnerId;
}

/** The member behind a call. Only callers of role `member` bring one, and their endpoints admit no other, so its lack is a bug. */
export function memberIdOf({ member_id: memberId, role }: Caller): string {
  if (memberId === null) throw new Error(`A caller of role ${role} is no member.`);
  return memberId;
}
