import { z } from 'zod';
import { defineEndpoint } from '../endpoint.ts';
import { agentPage } from '../primitives.ts';
import { card, cardExample, cardStatuses } from './cards.ts';

/** What members see of a card. `title` is its name when it has none. */
const myCard = card
  .pick({
    id: true,
    unique_identifier: true,
    head: true,
    description: true,
    currency: true,
    currency_unit_amount: true,
    points_per_currency: true,
    min_purchase_amount: true,
    initial_bonus_points: true,
    points_expiration_months: true,
    status: true,
    issue_date: true,
    expiration_date: true,
    bg_color: true,
    text_color: true,
    bg_color_opacity: true,
    bg_image_url: true,
    logo_url: true,
    translations: true,
  })
  .extend({ title: z.string() });

const myCardExample = {
  id: cardExample.id,
  unique_identifier: cardExample.unique_identifier,
  title: cardExample.title,
  head: null,
  description: null,
  currency: 'EUR',
  currency_unit_amount: 1,
  points_per_currency: 10,
  min_purchase_amount: null,
  initial_bonus_points: 0,
  points_expiration_months: 12,
  status: 'active' as const,
  issue_date: cardExample.issue_date,
  expiration_date: null,
  bg_color: null,
  text_color: null,
  bg_color_opacity: 100,
  bg_image_url: null,
  logo_url: null,
};

const shared = {
  dialect: 'agent',
  owner: 'catalog',
  role: 'member',
  scopes: ['read'],
  feature: 'loyalty_cards',
  method: 'GET',
  success: 200,
  idempotent: false,
} as const;

export const listMyCards = defineEndpoint({
  ...shared,
  id: 'agent.member.cards.list',
  path: '/api/agent/v1/member/cards',
  paged: true,
  summary: 'List the cards that you may see: those for everybody, and those that you have used.',
  query: z.strictObject({ ...agentPage, status: z.enum(cardStatuses).optional() }),
  answer: z.array(myCard),
  example: { answer: [myCardExample] },
});

/** A hidden active card may be read by who knows its id. */
export const getMyCard = defineEndpoint({
  ...shared,
  id: 'agent.member.cards.get',
  path: '/api/agent/v1/member/cards/{id}',
  missing: { code: 'NOT_FOUND', resource: 'card', idName: 'id' },
  summary: 'Get a card.',
  params: z.object({ id: z.uuid() }),
  answer: myCard,
  example: { answer: myCardExample },
});
