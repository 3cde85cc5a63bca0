import type { Filter } from '../transactions/views.ts';

/** Whose entries are counted: all of a partner, or those of one club, card or person; of every event, or of one. */
export interface Subject {
  partnerId: string;
  scopeId: string;
  event: string | null;
}

/** The subject that a filter means; null: there are no counts for it. Its period is left out. */
export function subjectOf(filter: Filter): Subject | null {
  const { partnerId, memberId, cardId, clubId, staffId, event, status, reference, claimCode } = filter;
  if ([memberId, status, reference, claimCode].some((given) => given !== undefined)) return null;
  const [scopeId = partnerId, ...others] = [cardId, clubId, staffId].filter((id) => id !== undefined);
  return others.length > 0 ? null : { partnerId, scopeId, event: event ?? null };
}

/** Of a period: what is counted by month, by hour, and entry by entry. Null = without an end. */
export interface Part {
  span: 'month' | 'hour' | 'entry';
  since: Date | null;
  until: Date | null;
}

/**
 * A period in parts, the newest first: whole months, hours around them, and the rest of an hour at either end. The zones of
 * today but some begin their days with an hour of UTC, so mostly there is no rest.
 */
export function partsOf({
  from = null,
  to = null,
}: {
  from?: Date | null | undefined;
  to?: Date | null | undefined;
}): Part[] {
  const [firstHour, endOfHours] = [from && up(from, hourOf, nextHour), to && hourOf(to)];
  if (isEmpty(firstHour, endOfHours)) return isEmpty(from, to) ? [] : [{ span: 'entry', since: from, until: to }];
  const [firstMonth, endOfMonths] = [firstHour && up(firstHour, monthOf, nextMonth), endOfHours && monthOf(endOfHours)];
  const whole: Part[] = isEmpty(firstMonth, endOfMonths)
    ? [{ span: 'hour', since: firstHour, until: endOfHours }]
    : [
        { span: 'hour', since: endOfMonths, until: endOfHours },
        { span: 'month', since: firstMonth, until: endOfMonths },
        { span: 'hour', since: firstHour, until: firstMonth },
      ];
  const parts: Part[] = [
    { span: 'entry', since: endOfHours, until: to },
    ...whole,
    { span: 'entry', since: from, until: firstHour },
  ];
  // What is not cut has no end on both sides, and no rest.
  return parts.filter(({ span, since, until }) => span === 'month' || since?.getTime() !== until?.getTime());
}

const isEmpty = (since: Date | null, until: Date | null): boolean => since !== null && until !== null && since >= until;

const HOUR_MS = 3_600_000;
const hourOf = (at: Date): Date => new Date(Math.floor(at.getTime() / HOUR_MS) * HOUR_MS);
const nextHour = (at: Date): Date => new Date(at.getTime() + HOUR_MS);
const monthOf = (at: Date): Date => new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth()));
const nextMonth = (at: Date): Date => new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1));

function up(at: Date, startOf: (at: Date) => Date, next: (start: Date) => Date): Date {
  const start = startOf(at);
  return start.getTime() === at.getTime() ? at : next(start);
}

/** Where a month, an hour or a rest ends that begins in one of the parts. */
export function endOf(span: Part['span'], since: Date, parts: readonly Part[]): Date {
  if (span === 'hour') return nextHour(since);
  if (span === 'month') return nextMonth(since);
  return parts.find((part) => part.span === 'entry' && part.since?.getTime() === since.getTime())!.until!;
}
