import { z } from 'zod';
import { defineEvent } from '../event.ts';
import { partnerGates } from '../features.ts';
import { plans } from '../plans.ts';
import { sample } from '../sample.ts';

/** The whole state of a partner. `is_deleted`: its rows stay where the ledger needs them, nothing works any more. */
export const partnerChanged = defineEvent({
  type: 'partners.partner_changed.v1',
  owner: 'partners',
  topic: 'partners',
  publicNames: [],
  summary: 'A partner was created, changed, suspended or deleted.',
  data: z.object({
    partner_id: z.uuid(),
    name: z.string(),
    slug: z.string(),
    tier: z.enum(plans),
    status: z.enum(['active', 'pending', 'suspended']),
    network_id: z.uuid().nullable(),
    currency: z.string(),
    time_zone: z.string(),
    locale: z.string(),
    gates: partnerGates,
    is_deleted: z.boolean(),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  }),
  example: {
    partner_id: sample.partnerId,
    name: 'Bean & Bloom',
    slug: 'bean-and-bloom',
    tier: 'enterprise',
    status: 'active',
    network_id: null,
    currency: 'EUR',
    time_zone: 'Europe/Vilnius',
    locale: 'en_US',
    gates: {},
    is_deleted: false,
    created_at: sample.at,
    updated_at: sample.at,
  },
});

/** A key of any kind was made, changed or ended. Gateways forget what they knew of it. No hash, no secret. */
export const keyChanged = defineEvent({
  type: 'partners.key_changed.v1',
  owner: 'partners',
  topic: 'partners',
  publicNames: [],
  summary: 'A key was created, changed, rotated or revoked.',
  data: z.object({
    key_id: z.uuid(),
    kind: z.enum(['agent_key', 'api_key']),
    role: z.enum(['partner', 'member', 'admin']),
    member_id: z.uuid().nullable(),
    status: z.enum(['active', 'expiring', 'revoked']),
    expires_at: z.iso.datetime().nullable(),
  }),
  example: {
    key_id: sample.keyId,
    kind: 'agent_key',
    role: 'partner',
    member_id: null,
    status: 'revoked',
    expires_at: null,
  },
});
