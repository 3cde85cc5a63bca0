import type { Marks } from '@punchcard/contracts';

/** Of an answer: `<service>:<sequence>`, what a caller must see applied to read back its write. */
export const MARK_HEADER = 'punchcard-mark';
/** Of a request: the marks of its partner, `catalog:12,members:7`. */
export const MARKS_HEADER = 'punchcard-marks';
/** Of an answer: `true` when an Idempotency-Key was answered from its record. */
export const REPLAYED_HEADER = 'punchcard-replayed';

export const formatMarks = (marks: Marks): string =>
  Object.entries(marks)
    .map(([service, sequence]) => `${service}:${sequence}`)
    .join();

const NONE: Marks = Object.freeze({});

/** Reads marks; what is not one is left out. The highest of a service counts. */
export function parseMarks(header: string | undefined): Marks {
  if (!header) return NONE;
  const marks: Record<string, number> = {};
  for (const [, service = '', sequence] of header.matchAll(/([a-z]+):(\d{1,15})(?=,|$)/g)) {
    marks[service] = Math.max(marks[service] ?? 0, Number(sequence));
  }
  return marks;
}
