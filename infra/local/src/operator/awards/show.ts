import type { Answer, listRefusedAwards } from '@punchcard/contracts';

export type RefusedAward = Answer<typeof listRefusedAwards>['awards'][number];

/** What the codes of the books mean for an award. */
const reasons: Readonly<Record<string, string>> = {
  NOT_FOUND: 'the ledger has no such card, or it is deleted',
  MEMBER_NOT_FOUND: 'the ledger has no such member, or it was anonymised',
  TRANSACTION_LIMIT_EXCEEDED: 'the account holds as many points as an account can',
  REFERENCE_CONFLICT: 'the reference was booked with other content',
};

/** `NOT_FOUND: the ledger has no such card, or it is deleted` */
export const reasonOf = (code: string): string => (reasons[code] ? `${code}: ${reasons[code]}` : code);

const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

/** How long ago, in the largest unit of which it is one: `3 days`. */
export const ageOf = (since: string, now: Date): string => {
  const elapsed = now.getTime() - Date.parse(since);
  const [unit, ms] = units.find(([, length]) => elapsed >= length) ?? units[2];
  const count = Math.max(0, Math.floor(elapsed / ms));
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
};

/** One of them, for a terminal. */
export const awardLines = (award: RefusedAward, now: Date): string =>
  [
    award.reference,
    `  ${award.points} points (${award.event}) of ${award.occurred_at}, ${ageOf(award.occurred_at, now)} ago`,
    `  ${reasonOf(award.refused_as)}`,
    `  partner ${award.partner_id}  member ${award.member_id}  card ${award.card_id}`,
  ].join('\n');
