import { describe, expect, it } from '@jest/globals';
import { requireUnused, type ClubUse } from './rules.ts';

describe('requireUnused', () => {
  const unused: ClubUse = { cards: 0, stampCards: 0, vouchers: 0, staff: 0 };

  it('refuses while anything belongs to the club', () => {
    expect(() => requireUnused(unused)).not.toThrow();
    for (const kind of Object.keys(unused)) expect(() => requireUnused({ ...unused, [kind]: 1 })).toThrow('in use');
  });
});
