import { AppError, Miss } from '@punchcard/contracts';
import type { Sql } from '@punchcard/database';
import { beingDeleted } from '../cards/rules.ts';
import { whoIs, type Candidate, type Match } from '../members/rules.ts';
import { codeOf } from '../vouchers/rules.ts';
import type { Voucher } from '../vouchers/store.ts';
import { refusalOf, type Standing } from './rules.ts';
import { countMemberUses, findByCode, findCard, findMatches, hasClub } from './views.ts';

export interface Question {
  partnerId: string;
  /** As it was sent. */
  code: string;
  clubId: string;
  memberIdentifier: string;
  candidates: readonly Candidate[];
  orderMinor: number | null;
  standing: Standing | null;
  now: Date;
}

export interface Verdict {
  voucher: Voucher;
  match: Match;
  /** What redeeming it would answer; undefined: it would be redeemed. */
  refusal: AppError | undefined;
}

/**
 * Whether a voucher could be redeemed, by the very rules of redeeming. Throws a `Miss` for what is not known here.
 * @throws AppError SERVICE_UNAVAILABLE while the catalog decides whether its card is deleted
 */
export async function validate(sql: Sql, question: Question): Promise<Verdict> {
  const { partnerId, clubId, candidates, memberIdentifier, now, orderMinor, standing } = question;
  const code = codeOf(question.code);
  const [voucher, isClub, matches] = await Promise.all([
    code === null ? undefined : findByCode(sql, { partnerId, clubId, code }),
    hasClub(sql, partnerId, clubId),
    findMatches(sql, partnerId, candidates),
  ]);
  if (!isClub) throw new Miss(new AppError('CLUB_NOT_FOUND', { details: { club_id: clubId } }), ['catalog']);
  if (!voucher) throw new AppError('VOUCHER_NOT_FOUND', { details: { code: question.code } });
  const match = whoIs(candidates, ({ identifier }) => matches.filter((one) => one.identifier === identifier));
  if (!match) {
    const details = { member_identifier: memberIdentifier };
    throw new Miss(new AppError('MEMBER_NOT_FOUND', { details }), ['members']);
  }
  const { memberId, registeredAt } = match;
  const memberUses = await countMemberUses(sql, { ...voucher, memberId });
  const refusal = refusalOf(voucher, { memberId, registeredAt, standing, orderMinor, memberUses, now });
  return { voucher, match, refusal: refusal ?? (await refusedByCard(sql, voucher)) };
}

async function refusedByCard(sql: Sql, { partnerId, rewardCardId }: Voucher): Promise<AppError | undefined> {
  if (rewardCardId === null) return undefined;
  const card = await findCard(sql, partnerId, rewardCardId);
  if (!card) return new AppError('VOUCHER_INVALID', { details: { reason: 'inactive' } });
  if (card.isHeld) throw beingDeleted();
  return undefined;
}
