import { describe, expect, it } from '@jest/globals';
import { identifierHash } from './hashes.ts';
import { identifierCandidates, normaliseIdentifier } from './identifiers.ts';

const ID = '0195743e-6c00-7c1a-8f53-2f1b7f0a1c51';

describe('identifierCandidates', () => {
  it.each([
    [
      'a UUID, then a member number',
      ID.toUpperCase(),
      [
        ['id', ID],
        ['member_number', ID.toUpperCase()],
      ],
    ],
    [
      'an e-mail, then a member number',
      ' Ann@Example.com ',
      [
        ['email', 'ann@example.com'],
        ['member_number', 'Ann@Example.com'],
      ],
    ],
    [
      'a unique identifier',
      '118-402-973-664',
      [
        ['unique_identifier', '118-402-973-664'],
        ['member_number', '118-402-973-664'],
      ],
    ],
    [
      'a unique identifier without dashes',
      '118402973664',
      [
        ['unique_identifier', '118-402-973-664'],
        ['member_number', '118402973664'],
      ],
    ],
    ['a member number', 'A-1001', [['member_number', 'A-1001']]],
    ['thirteen digits', '1184029736641', [['member_number', '1184029736641']]],
    ['nothing: too long for a member number', 'x'.repeat(65), []],
  ])('%s', (_name, text, expected) => {
    expect(identifierCandidates(text).map(({ kind, value }) => [kind, value])).toEqual(expected);
  });
});

describe('normaliseIdentifier', () => {
  it('takes composed and decomposed letters for the same', () => {
    expect(normaliseIdentifier('email', 'Jose\u0301@example.com')).toBe(
      normaliseIdentifier('email', 'jos\u00e9@EXAMPLE.com'),
    );
  });

  it('keeps the case of a member number', () => {
    expect(normaliseIdentifier('member_number', ' aB ')).toBe('aB');
  });
});

describe('identifierHash', () => {
  const pepper = 'a pepper of the tests that is long enough';
  const of = (partnerId: string, kind: 'email' | 'member_number', value: string) =>
    identifierHash(pepper, partnerId, { kind, value });

  it('is the same for every spelling of one thing', () => {
    expect(of('p', 'email', 'Ann@Example.com')).toBe(of('p', 'email', ' ann@example.COM'));
  });

  it('follows nobody across partners, kinds or deployments', () => {
    const mine = of('p', 'email', 'ann@example.com');

    expect(mine).toMatch(/^[0-9a-f]{64}$/);
    expect(of('q', 'email', 'ann@example.com')).not.toBe(mine);
    expect(of('p', 'member_number', 'ann@example.com')).not.toBe(mine);
    expect(identifierHash(`${pepper}!`, 'p', { kind: 'email', value: 'ann@example.com' })).not.toBe(mine);
  });
});
