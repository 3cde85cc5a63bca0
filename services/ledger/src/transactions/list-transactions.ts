import type { Sql } from '@punchcard/database';
import { AppError, Miss } from '@punchcard/contracts';
import { surely } from '../booking/lanes.ts';
import type { Candidate } from '../booking/rules.ts';
import type { Kept } from '../counts/kept.ts';
import { findMember } from '../members/find-member.ts';
import { readPage } from './read-page.ts';
import type { EntryRow, Filter, Range } from './views.ts';

export interface ListOptions {
  filter: Filter;
  /** Who is meant; null = entries of everybody. */
  candidates: readonly Candidate[] | null;
  page: Range;
}

interface Deps {
  sql: Sql;
  copies: Parameters<typeof surely>[1];
  kept: Kept;
}

/** A page of transactions and how many there are. An identifier that fits nobody finds none. */
export async function listTransactions(
  { sql, copies, kept }: Deps,
  { filter, candidates, page }: ListOptions,
): Promise<{ entries: EntryRow[]; total: number }> {
  const memberId = candidates && (await findMemberId({ sql, copies }, filter.partnerId, candidates));
  if (memberId === undefined) return { entries: [], total: 0 };
  const wanted = memberId === null ? filter : { ...filter, memberId };
  return readPage({ sql, kept }, wanted, page);
}

async function findMemberId(
  { sql, copies }: Omit<Deps, 'kept'>,
  partnerId: string,
  candidates: readonly Candidate[],
): Promise<string | undefined> {
  const find = async () => {
    const member = await findMember(sql, partnerId, candidates);
    if (!member) throw new Miss(new AppError('MEMBER_NOT_FOUND'), ['members']);
    return member.memberId;
  };
  return surely(find, copies).catch((error: unknown) => {
    if (error instanceof AppError && error.code === 'MEMBER_NOT_FOUND') return undefined;
    throw error;
  });
}
