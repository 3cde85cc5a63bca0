import { describe as suite, expect, it } from '@jest/globals';
import { z } from 'zod';
import { describe, note, noteIssues, writePath, type Problems } from './issues.ts';

const problemsOf = (schema: z.ZodType, value: unknown): Record<string, string[]> => {
  const problems: Problems = new Map();
  const result = schema.safeParse(value, { error: describe, reportInput: true });
  if (!result.success) noteIssues(problems, result.error.issues, { unknown: 'is unknown' });
  return Object.fromEntries(problems);
};

suite('writePath', () => {
  it('writes lists with brackets and fields with dots', () => {
    expect(writePath(['items', 2, 'amount'])).toBe('items[2].amount');
    expect(writePath([0, 'a', 'b'])).toBe('[0].a.b');
    expect(writePath([])).toBe('');
  });
});

suite('note', () => {
  it('says a thing once, and `_` for the whole', () => {
    const problems: Problems = new Map();
    for (const message of ['is wrong', 'is wrong', 'is odd']) note(problems, '', message);

    expect(Object.fromEntries(problems)).toEqual({ _: ['is wrong', 'is odd'] });
  });
});

suite('noteIssues', () => {
  const text = z.union([
    z.string().min(2),
    z.record(z.string().regex(/^[a-z]{2}$/, 'must be a locale'), z.string().min(2)),
  ]);

  it.each<{ name: string; schema: z.ZodType; value: unknown; problems: Record<string, string[]> }>([
    {
      name: 'the alternative that was meant',
      schema: z.object({ text }),
      value: { text: 'a' },
      problems: { text: ['must have at least 2 characters'] },
    },
    {
      name: 'a field of the alternative that was meant',
      schema: z.object({ text }),
      value: { text: { en: 'a' } },
      problems: { 'text.en': ['must have at least 2 characters'] },
    },
    {
      name: 'a name in the alternative that was meant',
      schema: z.object({ text }),
      value: { text: { English: 'ab' } },
      problems: { 'text.English': ['must be a locale'] },
    },
    {
      name: 'no alternative',
      schema: z.object({ text }),
      value: { text: 7 },
      problems: { text: ['must be a string, or must be an object'] },
    },
    { name: 'an absent union', schema: z.object({ text }), value: {}, problems: { text: ['is required'] } },
    {
      name: 'a kind that there is not',
      schema: z.discriminatedUnion('kind', [z.object({ kind: z.literal('a') }), z.object({ kind: z.literal('b') })]),
      value: { kind: 'c' },
      problems: { kind: ['must be one of: a, b'] },
    },
    {
      name: 'an absent field whose schema has words of its own',
      schema: z.object({ id: z.uuid('must be a UUID') }),
      value: {},
      problems: { id: ['is required'] },
    },
    {
      name: 'a check over two fields',
      schema: z.object({ a: z.int(), b: z.int() }).refine(({ a, b }) => a < b, { path: ['a'], error: 'must be less' }),
      value: { a: 2, b: 1 },
      problems: { a: ['must be less'] },
    },
    {
      name: 'a check over the whole',
      schema: z.object({}).refine(() => false, 'must hold together'),
      value: {},
      problems: { _: ['must hold together'] },
    },
    {
      name: 'one literal',
      schema: z.object({ ok: z.literal(true) }),
      value: { ok: false },
      problems: { ok: ['must be true'] },
    },
    { name: 'one item', schema: z.array(z.int()).min(1), value: [], problems: { _: ['must have at least 1 item'] } },
    {
      name: 'a length',
      schema: z.string().length(3),
      value: 'ab',
      problems: { _: ['must have exactly 3 characters'] },
    },
    { name: 'a step', schema: z.int().multipleOf(5), value: 7, problems: { _: ['must be a multiple of 5'] } },
    { name: 'an open bound', schema: z.number().gt(0).lt(5), value: 5, problems: { _: ['must be less than 5'] } },
  ])('names $name', ({ schema, value, problems }) => {
    expect(problemsOf(schema, value)).toEqual(problems);
  });

  it('uses no words of zod', () => {
    const schema = z.object({
      a: z.email(),
      b: z.iso.datetime(),
      c: z.bigint(),
      d: z.set(z.int()),
      e: z.ipv4(),
      f: z.never(),
    });

    const words = Object.values(problemsOf(schema, { a: 'x', b: 'x', c: 'x', d: 'x', e: 'x', f: 'x' })).flat();

    expect(words).toHaveLength(6);
    for (const word of words) expect(word).not.toMatch(/invalid|expected|received/i);
  });
});
