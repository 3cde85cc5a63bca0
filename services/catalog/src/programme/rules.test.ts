import { AppError } from '@punchcard/contracts';
import { describe, expect, it } from '@jest/globals';
import { isEmpty, requireFree, requireValid } from './rules.ts';

describe('requireValid', () => {
  it('names every field with a problem, and none without', () => {
    const refusal = thrownBy(() => requireValid({ a: 'is bad', b: false, c: 'is worse' }));

    expect(refusal).toMatchObject({
      code: 'VALIDATION_FAILED',
      details: { errors: { a: ['is bad'], c: ['is worse'] } },
    });
    expect(() => requireValid({ a: false })).not.toThrow();
  });
});

describe('requireFree', () => {
  it('refuses a value of another thing, not its own and not nobody’s', () => {
    expect(thrownBy(() => requireFree('name', 'mine', 'theirs'))).toMatchObject({
      code: 'ALREADY_EXISTS',
      details: { field: 'name', existing_id: 'theirs' },
    });
    expect(() => requireFree('name', 'mine', 'mine')).not.toThrow();
    expect(() => requireFree('name', 'mine', undefined)).not.toThrow();
  });
});

describe('isEmpty', () => {
  it('is a change without a field; null is a value', () => {
    expect([isEmpty({}), isEmpty({ description: null })]).toEqual([true, false]);
  });
});

function thrownBy(act: () => void): AppError {
  try {
    act();
  } catch (error) {
    if (error instanceof AppError) return error;
  }
  throw new Error('Nothing was refused.');
}
