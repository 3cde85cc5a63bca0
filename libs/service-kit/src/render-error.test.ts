import { describe, expect, it } from '@jest/globals';
import { AppError, invalid } from '@punchcard/contracts';
import { renderError } from './render-error.ts';

const refused = new AppError('INSUFFICIENT_POINTS', {
  details: { required: 10, balance: 3 },
  cause: new Error('inside'),
});
const message = 'The member has too few points for this.';

describe('renderError', () => {
  it('writes one error in the words of each API', () => {
    expect(renderError('agent', refused, 'r-1').body).toEqual({
      error: true,
      code: 'INSUFFICIENT_POINTS',
      message,
      retry_strategy: 'no_retry',
      details: { required: 10, balance: 3 },
      request_id: 'r-1',
    });
    expect(renderError('partner', refused, 'r-1').body).toEqual({
      success: false,
      error: { code: 'INSUFFICIENT_POINTS', message, requested_points: 10, current_balance: 3 },
      request_id: 'r-1',
    });
  });

  it('gives the status of the table, and its own code beside the name that a dialect has for it', () => {
    const answer = renderError('partner', new AppError('CLUB_NOT_FOUND', { details: { club_id: 'c' } }), 'r-1');

    expect(answer).toMatchObject({ status: 404, code: 'CLUB_NOT_FOUND' });
    expect(answer.body['error']).toMatchObject({ code: 'SHOP_NOT_FOUND', shop_id: 'c' });
  });

  it('shows nothing of an error that nobody expected', () => {
    for (const dialect of ['agent', 'partner', 'internal'] as const) {
      for (const thrown of [new TypeError('at secret.ts:7'), 'a text', { status: 404 }, undefined]) {
        const { status, body } = renderError(dialect, thrown, 'r-1');
        expect(status).toBe(500);
        expect(JSON.stringify(body)).not.toMatch(/secret|a text|404|details/);
      }
    }
  });

  it('leaves out what a dialect does not show, and hides nothing between services', () => {
    const missing = new AppError('AUTH_MISSING_KEY', { details: { reason: 'missing_credentials' } });

    expect(renderError('agent', missing, 'r-1').body).not.toHaveProperty('details');
    expect(renderError('partner', missing, 'r-1').body['error']).toMatchObject({ reason: 'missing_credentials' });
    expect(renderError('internal', missing, 'r-1').body).toMatchObject({ details: { reason: 'missing_credentials' } });
  });

  it('never lets a detail stand in for code or message', () => {
    const error = new AppError('CONFLICT', { details: { code: 'x', message: 'y' } });

    expect(renderError('partner', error, 'r-1').body['error']).toMatchObject({ code: 'CONFLICT' });
  });

  it('says when to come back, in whole seconds of at least one', () => {
    const after = (error: AppError) => renderError('agent', error, 'r-1').headers['retry-after'];

    expect(after(new AppError('SERVICE_UNAVAILABLE'))).toBe('1');
    expect(after(new AppError('SERVICE_UNAVAILABLE', { retryAfter: 0.2 }))).toBe('1');
    expect(after(new AppError('RATE_LIMITED', { details: { policy: 'hour', retry_after: 41.3 } }))).toBe('42');
    expect(after(new AppError('IDEMPOTENCY_IN_FLIGHT'))).toBe('1');
    expect(after(invalid('name', 'is required'))).toBeUndefined();
  });

  it('names the allowed methods in a header', () => {
    const error = new AppError('METHOD_NOT_ALLOWED', { details: { allowed: ['GET', 'HEAD'] } });

    expect(renderError('agent', error, 'r-1').headers['allow']).toBe('GET, HEAD');
  });
});
