import { AppError } from '@punchcard/contracts';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { drawCode } from './draw-codes.ts';
import { codesOf, PLAIN, placesOf, requireForm } from './pattern-rules.ts';

const form = fc.record({
  prefix: fc.option(fc.stringMatching(/^[A-Z0-9_-]{1,32}$/), { nil: null }),
  pattern: fc.stringMatching(/^[A-Z0-9_#@*-]{1,32}$/),
});

describe('a form of codes', () => {
  it('has eight places of 32 signs when nothing else is asked for', () => {
    expect(codesOf(PLAIN)).toBe(32n ** 8n);
    expect(drawCode(PLAIN)).toMatch(/^[A-HJ-NP-Z2-9]{8}$/);
  });

  it('has 8 digits, 24 letters, or both in a place, and no sign that can be misread', () => {
    expect(placesOf({ prefix: null, pattern: '#@*' }).map(({ length }) => length)).toEqual([8, 24, 32]);
    expect(placesOf({ prefix: null, pattern: '*' })[0]).not.toMatch(/[IO01]/);
  });

  it('is taken from 10,000 codes for each that is made', () => {
    // 8⁵ = 32,768.
    expect(() => requireForm({ prefix: 'A', pattern: '#####' }, 3)).not.toThrow();
    expect(() => requireForm({ prefix: 'A', pattern: '#####' }, 4)).toThrow(AppError);
    expect(() => requireForm(PLAIN, 10_000)).not.toThrow();
  });

  it('is 3 to 64 characters long with its prefix', () => {
    expect(() => requireForm({ prefix: 'P'.repeat(32), pattern: '*'.repeat(32) }, 1)).not.toThrow();
    expect(() => requireForm({ prefix: 'P'.repeat(32), pattern: '*'.repeat(33) }, 1)).toThrow(AppError);
  });

  it('makes nothing but codes of its own', () => {
    fc.assert(
      fc.property(form, (asked) => {
        const places = placesOf(asked);
        const code = drawCode(asked);
        expect(code).toMatch(/^[A-Z0-9_-]+$/);
        expect(code).toHaveLength(places.length);
        expect([...code].every((sign, n) => places[n]!.includes(sign))).toBe(true);
        expect(code.startsWith(asked.prefix ?? '')).toBe(true);
      }),
    );
  });

  it('allows as many codes as a count of them one by one finds', () => {
    const small = fc.stringMatching(/^[#@A]{1,2}$/);
    fc.assert(
      fc.property(small, (pattern) => {
        const all = placesOf({ prefix: null, pattern }).reduce(
          (codes, choices) => codes.flatMap((code) => [...choices].map((sign) => code + sign)),
          [''],
        );
        expect(codesOf({ prefix: null, pattern })).toBe(BigInt(new Set(all).size));
      }),
    );
  });
});
