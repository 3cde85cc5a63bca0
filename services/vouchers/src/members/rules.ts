import { AppError, type IdentifierKind } from '@punchcard/contracts';

export type MatchedBy = 'id' | IdentifierKind;

/** One way in which an identifier may be meant: a member's id, or the keyed hash of another kind. */
export interface Candidate {
  kind: MatchedBy;
  identifier: string;
}

/** A member that an identifier fits. */
export interface Match {
  kind: MatchedBy;
  memberId: string;
  registeredAt: Date;
}

/**
 * Who is meant: the first kind under which a member is found wins (contract 1.11). Undefined when nobody is.
 * @throws MEMBER_AMBIGUOUS when that kind finds several
 */
export function whoIs(
  candidates: readonly Candidate[],
  matchesOf: (candidate: Candidate) => readonly Match[],
): Match | undefined {
  for (const candidate of candidates) {
    const matches = matchesOf(candidate).filter(({ kind }) => kind === candidate.kind);
    if (matches.length > 1) throw new AppError('MEMBER_AMBIGUOUS', { details: { matches: matches.length } });
    if (matches[0]) return matches[0];
  }
  return undefined;
}
