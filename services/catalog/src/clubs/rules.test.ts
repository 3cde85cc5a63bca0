import { describe, expect, it } from '@jest/globals';
import { requireUnused } from './rules.ts';

describe('requireUnused', () => {
  it('refuses while a card or a stamp card belongs to the club', () => {
    expect(() => requireUnused({ cards: 1, stampCards: 0 })).toThrow('in use');
    expect(() => requireUnused({ cards: 0, stampCards: 1 })).toThrow('in use');
    expect(() => requireUnused({ cards: 0, stampCards: 0 })).not.toThrow();
  });
});
