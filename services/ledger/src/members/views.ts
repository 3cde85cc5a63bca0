import type { Sql } from '@punchcard/database';
import type { Candidate, Match } from '../booking/rules.ts';

/** The members that the candidates may mean. */
export async function findMatches(
  sql: Sql,
  partnerId: string,
  candidates: readonly Candidate[],
): Promise<(Match & { identifier: string })[]> {
  return sql<(Match & { identifier: string })[]>`
    select identifier, member_id, kind, is_findable
    from member_identifiers
    where partner_id = ${partnerId} and identifier = any(${candidates.map(({ identifier }) => identifier)}::text[])
  `;
}
