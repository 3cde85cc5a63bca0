import { describe, expect, it } from '@jest/globals';
import { AppError, type ErrorCode } from '@punchcard/contracts';
import { kindOf } from './failures.ts';

const named = (name: string, fields: object = {}) => Object.assign(new Error('x'), { name }, fields);

describe('a failure to apply an event', () => {
  it.each([
    ['a text that is no JSON', new SyntaxError('x')],
    ['data outside its contract', named('ZodError')],
    ['a rule that says never', new AppError('INSUFFICIENT_POINTS')],
  ])('is poison: %s', (_, error) => expect(kindOf(error)).toBe('poison'));

  it.each<[string, unknown]>([
    ['a service that is away', new AppError('SERVICE_UNAVAILABLE')],
    ['a lost connection', named('Error', { code: 'CONNECTION_CLOSED' })],
    ['a broker that is away', named('KafkaJSNumberOfRetriesExceeded')],
    ...['40001', '40P01', '53300', '57P01', '58030'].map((code): [string, unknown] => [
      `SQL state ${code}`,
      named('PostgresError', { code }),
    ]),
  ])('is an outage: %s', (_, error) => expect(kindOf(error)).toBe('outage'));

  it.each<[string, unknown]>([
    ['a crash of the code', new TypeError('x')],
    ['an unexpected error that was wrapped', new AppError('INTERNAL_ERROR' satisfies ErrorCode)],
    ['a broken constraint', named('PostgresError', { code: '23514' })],
    ['a thrown text', 'x'],
  ])('is a bug: %s', (_, error) => expect(kindOf(error)).toBe('bug'));
});
