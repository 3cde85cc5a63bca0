import type { ErrorRow } from './error-row.ts';

/** What redemptions of vouchers are refused for (contract 3.8). */
export const voucherErrors = {
  VOUCHER_NOT_FOUND: {
    message: 'There is no voucher with this code at this club. Check the spelling of the code.',
    status: 404,
    retryStrategy: 'no_retry',
  },
  VOUCHER_INVALID: {
    message: ({ reason }) =>
      `The voucher is not good for this member now${reason === undefined ? '' : ` (${String(reason).replaceAll('_', ' ')})`}.`,
    status: 422,
    retryStrategy: 'no_retry',
  },
  VOUCHER_NOT_STARTED: {
    message: ({ valid_from: from }) =>
      `The voucher is not valid yet${from === undefined ? '' : `; it will be from ${String(from)}`}.`,
    status: 422,
    retryStrategy: 'no_retry',
  },
  VOUCHER_EXPIRED: {
    message: ({ valid_until: until }) =>
      `The voucher is not valid any more${until === undefined ? '' : `; it was until ${String(until)}`}.`,
    status: 422,
    retryStrategy: 'no_retry',
  },
  VOUCHER_EXHAUSTED: {
    message: 'The voucher was used as often as it may be.',
    status: 422,
    retryStrategy: 'no_retry',
  },
  VOUCHER_MEMBER_LIMIT: {
    message: 'This member has used the voucher as often as one member may.',
    status: 422,
    retryStrategy: 'no_retry',
  },
  VOUCHER_MINIMUM_NOT_MET: {
    message: ({ min_purchase_amount: minimum }) =>
      typeof minimum === 'number'
        ? `The voucher needs an order_amount of at least ${minimum}, in minor units.`
        : 'The voucher needs an order_amount, in minor units.',
    status: 422,
    retryStrategy: 'no_retry',
  },
} as const satisfies Readonly<Record<string, ErrorRow>>;
