import { Decimal } from '@punchcard/contracts';
import type { z } from 'zod';

type Issue = z.core.$ZodIssue;
type RawIssue = z.core.$ZodRawIssue;

/** What is wrong with a request: field path > messages. */
export type Problems = Map<string, string[]>;

/** A body of nothing but wrong fields must not make a longer answer than this. */
const MAX_PATHS = 1_000;
const MAX_PATH_LENGTH = 200;
const MAX_CHOICES = 60;

/** Notes a problem once. `_` stands for the whole. */
export function note(problems: Problems, path: string, message: string): void {
  const name = path === '' ? '_' : path.slice(0, MAX_PATH_LENGTH);
  const messages = problems.get(name);
  if (messages === undefined && problems.size < MAX_PATHS) problems.set(name, [message]);
  else if (messages && !messages.includes(message)) messages.push(message);
}

/** `['items', 2, 'amount']` is written `items[2].amount`. */
export function writePath(path: readonly PropertyKey[]): string {
  let text = '';
  for (const part of path)
    text += typeof part === 'number' ? `[${part}]` : text === '' ? String(part) : `.${String(part)}`;
  return text;
}

interface Where {
  /** What to say of a field that the schema does not know. */
  unknown: string;
  /** The path of what the schema describes. */
  above?: readonly PropertyKey[];
}

/** Notes what a schema refused, in the contract's words: every failing field at its own path. */
export function noteIssues(problems: Problems, issues: readonly Issue[], { unknown, above = [] }: Where): void {
  for (const issue of issues) {
    const path = [...above, ...issue.path];
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) note(problems, writePath([...path, key]), unknown);
    } else if (issue.code === 'invalid_key' || issue.code === 'invalid_element') {
      noteIssues(problems, issue.issues, { unknown, above: path });
    } else if (issue.code === 'invalid_union' && issue.input !== undefined && issue.errors.length > 0) {
      noteUnion(problems, issue.errors, { unknown, above: path });
    } else {
      note(problems, writePath(path), messageOf(issue));
    }
  }
}

/** The alternative that was meant is the one whose type fits; if none fits, what each of them wanted. */
function noteUnion(problems: Problems, alternatives: readonly (readonly Issue[])[], where: Required<Where>): void {
  const isOfOtherType = (issue: Issue) => issue.path.length === 0 && issue.code === 'invalid_type';
  const meant = alternatives.find((issues) => !issues.some(isOfOtherType));
  if (meant) return noteIssues(problems, meant, where);
  const wanted = new Set(alternatives.flatMap((issues) => issues.filter(isOfOtherType).map(messageOf)));
  note(problems, writePath(where.above), [...wanted].join(', or '));
}

/** What a schema says of an absent field is about its form; that it is absent comes first. */
function messageOf(issue: Issue): string {
  if (issue.input === undefined && 'input' in issue) return 'is required';
  if (issue.input === null && issue.code === 'invalid_type') return 'must not be null';
  return issue.message;
}

const types: Readonly<Record<string, string>> = {
  string: 'must be a string',
  number: 'must be a number',
  int: 'must be a whole number',
  boolean: 'must be true or false',
  array: 'must be a list',
  object: 'must be an object',
  record: 'must be an object',
  null: 'must be null',
};

const formats: Readonly<Record<string, string>> = {
  email: 'must be an e-mail address',
  uuid: 'must be a UUID',
  url: 'must be a URL',
  datetime: 'must be a date-time in UTC like 2026-03-08T09:15:00Z',
  date: 'must be a date like 2026-03-08',
};

const things: Readonly<Record<string, string>> = {
  string: ' characters',
  array: ' items',
  set: ' items',
  object: ' fields',
};

/** The words of what zod refuses, where a schema has none of its own. */
export const describe = (issue: RawIssue): string => {
  switch (issue.code) {
    case 'invalid_type':
      return typeMessage(issue.expected, issue.input);
    case 'too_small':
      return bound(issue.origin, issue.minimum, {
        word: issue.inclusive ? 'at least' : 'more than',
        exact: issue.exact,
      });
    case 'too_big':
      return bound(issue.origin, issue.maximum, {
        word: issue.inclusive ? 'at most' : 'less than',
        exact: issue.exact,
      });
    case 'invalid_format':
      return formats[issue.format] ?? 'does not have the right form';
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`;
    case 'invalid_value':
      return choice(issue.values);
    case 'invalid_union':
      return Array.isArray(issue['options']) ? choice(issue['options']) : 'does not have the right form';
    default:
      return 'is not valid';
  }
};

/** A number of JSON that is no safe integer comes as a `Decimal`, or as NaN when it is beyond every amount. */
function typeMessage(expected: string, input: unknown): string {
  const wantsNumber = expected === 'number' || expected === 'int';
  if (wantsNumber && (typeof input === 'number' || (input instanceof Decimal && input.scale === 0))) {
    return expected === 'int' && Number.isFinite(input) ? 'must be a whole number' : 'is out of range';
  }
  if (wantsNumber && input instanceof Decimal) return 'must be a whole number';
  return types[expected] ?? 'is not of the right type';
}

function bound(
  origin: string,
  limit: number | bigint,
  { word, exact }: { word: string; exact?: boolean | undefined },
): string {
  const thing = things[origin];
  const words = exact ? 'exactly' : word;
  if (thing === undefined) return `must be ${words} ${limit}`;
  return `must have ${words} ${limit}${limit === 1 || limit === 1n ? thing.slice(0, -1) : thing}`;
}

const choice = (values: readonly unknown[]): string => {
  const names = values
    .slice(0, MAX_CHOICES)
    .map((value) => (typeof value === 'symbol' ? value.toString() : String(value)));
  return names.length === 1 ? `must be ${names[0]}` : `must be one of: ${names.join(', ')}`;
};
