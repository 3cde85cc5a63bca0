import { describe, expect, it } from '@jest/globals';
import type { Candidate, Match } from '../booking/rules.ts';
import { whoIs } from './rules.ts';

const candidates: Candidate[] = [
  { kind: 'unique_identifier', identifier: 'a' },
  { kind: 'member_number', identifier: 'b' },
];
const ann: Match = { kind: 'unique_identifier', memberId: 'ann', isFindable: true };
const bob: Match = { kind: 'member_number', memberId: 'bob', isFindable: true };
const cid: Match = { kind: 'member_number', memberId: 'cid', isFindable: true };

const among = (matches: readonly Match[]) =>
  whoIs(candidates, ({ kind }) => matches.filter((match) => match.kind === kind));

describe('whoIs', () => {
  it('is the member of the first kind that finds one', () => {
    expect(among([bob, ann])).toBe(ann);
  });

  it('falls through to the next kind when a form finds nobody', () => {
    expect(among([bob])).toBe(bob);
  });

  it('is nobody when no kind finds one, or only somebody who was anonymised', () => {
    expect(among([])).toBeUndefined();
    expect(among([{ ...ann, isFindable: false }])).toBeUndefined();
  });

  it('is refused when one kind finds two, even if a later kind finds one', () => {
    expect(() => among([bob, cid])).toThrow(
      expect.objectContaining({ code: 'MEMBER_AMBIGUOUS', details: { matches: 2 } }),
    );
    expect(among([ann, bob, cid])).toBe(ann);
  });
});
