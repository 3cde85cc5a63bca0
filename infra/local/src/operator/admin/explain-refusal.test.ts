import { describe, expect, it } from '@jest/globals';
import { explainRefusal } from './explain-refusal.ts';

const refusal = (code: string, details: object = {}) => ({
  code,
  message: 'What was wrong.',
  details,
  request_id: 'r1',
});

describe('explainRefusal', () => {
  it('calls the fields what they are called on the command line', () => {
    const errors = {
      rate_limit: ['must be at most 1000'],
      'scopes[1]': ['must not be repeated'],
      other: ['is unknown'],
    };

    expect(explainRefusal(refusal('VALIDATION_FAILED', { errors }), 422)).toBe(
      [
        'What was wrong.',
        '--rate-limit must be at most 1000',
        '--scope must not be repeated',
        'other is unknown',
        '(VALIDATION_FAILED, request r1)',
      ].join('\n  '),
    );
  });

  it.each([
    ['AUTH_INVALID_KEY', {}, 'create-admin'],
    ['AUTH_WRONG_ROLE', { key_role: 'partner' }, 'a partner key'],
    ['AUTH_INSUFFICIENT_SCOPE', { required_scopes: ['read', 'write:keys'], key_scopes: ['x'] }, 'read or write:keys'],
    ['LIMIT_REACHED', { limit: 5, current: 5 }, '5 of 5'],
    ['CONFLICT', { reason: 'last_admin_key' }, 'create-admin'],
    ['CONFLICT', { reason: 'rotated' }, 'keys list'],
    ['SERVICE_UNAVAILABLE', { service: 'partners' }, 'partners'],
  ])('says what to do about %s %j', (code, details, words) => {
    expect(explainRefusal(refusal(code, details), 400)).toContain(words);
  });

  it('shows what it has no advice for, with the request that the log knows', () => {
    expect(explainRefusal(refusal('INTERNAL_ERROR'), 500)).toBe('What was wrong.\n  (INTERNAL_ERROR, request r1)');
    expect(explainRefusal({}, 502)).toContain('502');
  });
});
