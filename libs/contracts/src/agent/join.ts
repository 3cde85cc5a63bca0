import { z } from 'zod';
import { defineEndpoint } from '../endpoint.ts';
import { day, email, id, locale, text, textPatterns, timeZone } from '../primitives.ts';
import { sample } from '../sample.ts';
import { keyExample, newKey } from './keys.ts';
import { member, memberExample } from './members.ts';

export const join = defineEndpoint({
  id: 'agent.join',
  method: 'POST',
  path: '/api/join/{partner_slug}',
  dialect: 'agent',
  owner: 'members',
  role: 'public',
  publicLimit: 'join',
  success: 201,
  also: [200],
  idempotent: true,
  missing: { code: 'NOT_FOUND', resource: 'partner', idName: 'id' },
  summary: 'Register as a member of a partner.',
  params: z.object({ partner_slug: z.string() }),
  body: z.strictObject({
    name: text(1, 255).optional(),
    email: email.optional(),
    phone: z
      .string()
      .regex(/^\+[1-9]\d{6,14}$/, 'must be an E.164 number like +37060000000')
      .optional(),
    locale: locale.optional(),
    time_zone: timeZone.optional(),
    birthday: day.optional(),
    accepts_terms: z.literal(true, 'must be true'),
    communication_preferences: z
      .strictObject({ email: z.boolean().optional(), sms: z.boolean().optional(), push: z.boolean().optional() })
      .optional(),
    card_id: id.optional(),
  }),
  /** `key` is null in a repeat that comes more than ten minutes later (contract part 6). */
  answer: z.object({
    member,
    key: newKey.nullable(),
    page_url: z.string(),
    secret_shown_once: z.literal(true).optional(),
  }),
  example: {
    body: { name: 'Ann Example', email: 'ann@example.com', accepts_terms: true },
    answer: {
      member: memberExample,
      key: {
        ...keyExample,
        id: sample.keyId,
        name: 'Registration',
        prefix: 'rl_member_a8f3k2m1',
        role: 'member',
        preset: 'full_access',
        scopes: ['read', 'write:profile', 'write:redeem'],
        rate_limit: 120,
        key: 'rl_member_a8f3k2m1Qw8Zr5Tn0Lx4Vb7Ys2Dc6Hj9Kp3Fg1Mu',
      },
      page_url: '/join/bean-and-bloom',
    },
  },
});

/** Query parameters that others append to a link (`utm_source`, `fbclid`) are no reason to turn a person away. */
export const joinPage = defineEndpoint({
  id: 'agent.join.page',
  method: 'GET',
  path: '/join/{partner_slug}',
  dialect: 'agent',
  owner: 'members',
  role: 'public',
  publicLimit: 'docs',
  success: 200,
  also: [304, 403, 404, 503],
  idempotent: false,
  bare: true,
  produces: 'text/html',
  missing: { code: 'NOT_FOUND', resource: 'partner', idName: 'id' },
  summary: 'Show the page on which members register and see their cards.',
  params: z.object({ partner_slug: z.string() }),
  query: z.looseObject({
    card_id: z.string().optional().meta({ description: 'A card to begin with.', pattern: textPatterns.any }),
  }),
  answer: z.string(),
  example: { answer: '<!doctype html><html lang="en"><title>Bean &amp; Bloom</title></html>' },
});
