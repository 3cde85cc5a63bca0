import type { Sql } from '@punchcard/database';
import type { Candidate, Match } from '../booking/rules.ts';
import { whoIs } from './rules.ts';
import { findMatches } from './views.ts';

/** Who is meant, by what is known here now. Throws MEMBER_AMBIGUOUS. */
export async function findMember(
  sql: Sql,
  partnerId: string,
  candidates: readonly Candidate[],
): Promise<Match | undefined> {
  const matches = await findMatches(sql, partnerId, candidates);
  return whoIs(candidates, ({ identifier }) => matches.filter((match) => match.identifier === identifier));
}
