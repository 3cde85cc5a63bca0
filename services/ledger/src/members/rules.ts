import { AppError } from '@punchcard/contracts';
import type { Candidate, Match } from '../booking/rules.ts';

/**
 * Who is meant: the first kind under which a member is found wins (contract 1.11). Undefined when nobody is.
 * @throws MEMBER_AMBIGUOUS when that kind finds several
 */
export function whoIs(
  candidates: readonly Candidate[],
  matchesOf: (candidate: Candidate) => readonly Match[],
): Match | undefined {
  for (const candidate of candidates) {
    const matches = matchesOf(candidate).filter(({ isFindable }) => isFindable);
    if (matches.length > 1) throw new AppError('MEMBER_AMBIGUOUS', { details: { matches: matches.length } });
    if (matches[0]) return matches[0];
  }
  return undefined;
}
