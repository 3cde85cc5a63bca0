import { describe, expect, it } from '@jest/globals';
import { foldCase } from './fold-case.ts';

describe('foldCase', () => {
  it.each([
    ['Old Town', 'OLD TOWN'],
    ['Žalia', 'žALIA'],
    ['Straße', 'STRASSE'],
    ['ΟΔΟΣ', 'οδος'],
    ['Café', 'CAFÉ'],
  ])('makes %s and %s one', (one, other) => {
    expect(foldCase(one)).toBe(foldCase(other));
  });

  it('keeps letters apart that differ in more than case', () => {
    expect(foldCase('Zalia')).not.toBe(foldCase('Žalia'));
  });
});
