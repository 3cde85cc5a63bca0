import { describe, expect, it } from '@jest/globals';
import { parseJson } from '@punchcard/contracts';
import fc from 'fast-check';
import { canonical, requestHashOf } from './idempotency.ts';

/** The same value with the fields of every object the other way round. */
const turned = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(turned)
    : typeof value === 'object' && value !== null
      ? Object.fromEntries(
          Object.entries(value)
            .reverse()
            .map(([name, field]) => [name, turned(field)]),
        )
      : value;

describe('canonical', () => {
  it('does not depend on the order of fields, at any depth', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(canonical(turned(value))).toBe(canonical(value));
      }),
    );
  });

  it('is JSON of the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonical(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

describe('requestHashOf', () => {
  const sent = { method: 'POST', path: '/a', query: {}, body: {} };
  const of = (body: string) => requestHashOf({ ...sent, body: parseJson(body) });

  it('takes numbers for equal however they were written', () => {
    expect(of('{"a":24.50}')).toBe(of('{"a":24.5}'));
    expect(of('{"a":2450e-2}')).toBe(of('{"a":24.5}'));
    expect(of('{"a":24.51}')).not.toBe(of('{"a":24.5}'));
    expect(of('{"a":"24.5"}')).not.toBe(of('{"a":24.5}'));
  });

  it.each([{ method: 'PUT' }, { path: '/b' }, { query: { a: '1' } }, { body: { a: 1 } }])('tells %j apart', (other) => {
    expect(requestHashOf({ ...sent, ...other })).not.toBe(requestHashOf(sent));
  });

  it.each([
    ['the same with another password', { name: 'a', owner: { name: 'b', password: 'other' } }, true],
    ['another field', { name: 'a', owner: { name: 'c', password: 'mine' } }, false],
    ['no password', { name: 'a', owner: { name: 'b' } }, false],
    ['no owner', { name: 'a', owner: null }, false],
  ])('leaves declared secrets out: %s', (_name, body, isSame) => {
    const hashOf = (sentBody: unknown) =>
      requestHashOf({ ...sent, body: sentBody }, { secretFields: ['owner.password'] });
    const mine = { name: 'a', owner: { name: 'b', password: 'mine' } };

    expect(hashOf(body) === hashOf(mine)).toBe(isSame);
    expect(hashOf(mine)).not.toBe(requestHashOf({ ...sent, body: mine }));
  });
});
