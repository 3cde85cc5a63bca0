import type { ErrorRow } from './error-row.ts';

/** What orders for stamp cards are refused for (contract 3.7). */
export const stampErrors = {
  STAMP_CARD_INACTIVE: {
    message: 'The stamp card takes no stamps now: it or its club is switched off, or it is outside its dates.',
    status: 422,
    retryStrategy: 'no_retry',
  },
  STAMP_LIMIT_REACHED: {
    message: ({ limit_name: name, limit }) =>
      `These stamps would pass ${String(name)} of the stamp card (${String(limit)}). None were given.`,
    status: 422,
    retryStrategy: 'no_retry',
  },
  STAMP_MINIMUM_NOT_MET: {
    message: ({ min_purchase_amount: minimum }) =>
      typeof minimum === 'number'
        ? `The stamp card needs a purchase_amount of at least ${minimum}.`
        : 'The stamp card needs a larger purchase_amount.',
    status: 422,
    retryStrategy: 'no_retry',
  },
  STAMP_CARD_INCOMPLETE: {
    message: 'The member has no completed stamp card whose reward waits to be claimed.',
    status: 422,
    retryStrategy: 'no_retry',
  },
} as const satisfies Readonly<Record<string, ErrorRow>>;
