import { inSnapshot, type Sql, type Tx } from '@punchcard/database';
import type { Kept } from '../counts/kept.ts';
import { partsOf, subjectOf, type Subject } from '../counts/rules.ts';
import { findBuckets, sumCounts, type Asked } from '../counts/views.ts';
import { countEntries, listEntries, listWithin, type EntryRow, type Filter, type Range } from './views.ts';

interface Deps {
  sql: Sql;
  kept: Pick<Kept, 'has' | 'note'>;
}

interface Page {
  entries: EntryRow[];
  total: number;
}

/** From here on counts are kept: so many are counted in a millisecond. */
const MANY = 10_000;
/** To pass over so many takes a millisecond. */
const DEEP = 1_000;

/** A page of entries, newest first, and how many there are. It costs the same however many these are. */
export async function readPage({ sql, kept }: Deps, filter: Filter, range: Range): Promise<Page> {
  const subject = subjectOf(filter);
  if (subject && (await kept.has(subject.partnerId))) {
    const page = await readCounted(sql, { filter, subject, parts: partsOf(filter) }, range);
    if (page) return page;
  }
  const [entries, total] = await Promise.all([listEntries(sql, filter, range), countEntries(sql, filter)]);
  if (subject && total > MANY) kept.note(subject.partnerId);
  return { entries, total };
}

async function readCounted(sql: Sql, asked: Asked, range: Range): Promise<Page | undefined> {
  if (!isFar(asked.subject, range)) {
    const [entries, total] = await Promise.all([listEntries(sql, asked.filter, range), sumCounts(sql, asked)]);
    return total === undefined ? undefined : { entries, total };
  }
  return inSnapshot(sql, (tx) => readFar(tx, asked, range));
}

/** A page that is found by counts, so that it passes over an hour at most. Undefined where they are not kept. To be read in one snapshot. */
export async function readFar(tx: Tx, asked: Asked, range: Range): Promise<Page | undefined> {
  const months = await findBuckets(tx, asked, range);
  const [newest] = months;
  if (!newest) {
    const total = await sumCounts(tx, asked);
    return total === undefined ? undefined : { entries: [], total };
  }
  const parts = months.map(
    ({ span, since, until }) => ({ span: span === 'month' ? 'hour' : span, since, until }) as const,
  );
  const { limit } = range;
  const offset = range.offset - newest.before;
  const within = await findBuckets(tx, { ...asked, parts }, { limit, offset });
  const entries = await listWithin(tx, asked.filter, { within, limit, offset: offset - within[0]!.before });
  return { entries, total: newest.total };
}

/** Whether a page is far from the first rows of an index: behind many entries, or behind many of other events. */
const isFar = ({ partnerId, scopeId, event }: Subject, { offset }: Range): boolean =>
  offset > DEEP || (event !== null && scopeId !== partnerId);
