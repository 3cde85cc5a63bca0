import { describe, expect, it } from '@jest/globals';
import { AppError } from './app-error.ts';
import { errorRow, errors, type ErrorCode } from './errors.ts';

const codes = Object.keys(errors) as ErrorCode[];

const details = {
  ...{ feature: 'vouchers', limit_name: 'clubs_limit', limit: 3, field: 'name', reason: 'sold_out', resource: 'card' },
  ...{ policy: 'hour', retry_after: 7, maximum_bytes: 1_048_576, errors: { name: ['is required'] } },
};

describe('every error', () => {
  it.each(codes)('%s says in a sentence what was wrong', (code) => {
    const { message } = new AppError(code, { details });

    expect(message).toMatch(/^[A-Z1].*[.)]$/);
    expect(message).not.toMatch(/undefined/);
  });

  it('asks for a retry only where one can help', () => {
    const retryable = codes.filter((code) => new AppError(code).retryable);

    expect(retryable.sort()).toEqual([
      'CONCURRENT_LIMIT_EXCEEDED',
      'IDEMPOTENCY_IN_FLIGHT',
      'INTERNAL_ERROR',
      'RATE_LIMITED',
      'SERVICE_UNAVAILABLE',
      'UPSTREAM_TIMEOUT',
    ]);
  });

  it('hides from the Partner API which of its credentials was wrong', () => {
    for (const code of codes.filter((one) => errors[one].status === 401)) {
      const { partner } = errorRow(code);
      expect([partner?.code, partner?.details?.({ reason: 'key_invalid', expired_at: 'x' })]).toEqual([
        'UNAUTHORIZED',
        { reason: 'key_invalid' },
      ]);
    }
  });
});
