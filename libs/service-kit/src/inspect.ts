import { note, writePath, type Problems } from './issues.ts';

const MAX_DEPTH = 64;

/** NUL is refused by PostgreSQL, a lone surrogate by UTF-8. No text of ours may hold them, whatever its schema says. */
const problemOfText = (text: string): string | undefined => {
  if (text.includes('\0')) return 'must not contain control characters';
  return text.isWellFormed() ? undefined : 'must be well-formed Unicode text';
};

/**
 * Finds what no schema should have to think of: text that cannot be stored, and nesting without end.
 * @param mayHoldBadText false when the JSON has no escapes: then UTF-8 itself rules such text out
 * @returns false when it is nested too deeply to be looked at any further
 */
export function inspect(value: unknown, mayHoldBadText: boolean, problems: Problems): boolean {
  const path: PropertyKey[] = [];

  const visit = (at: unknown): boolean => {
    if (typeof at === 'string') {
      const problem = mayHoldBadText && problemOfText(at);
      if (problem) note(problems, writePath(path), problem);
      return true;
    }
    if (typeof at !== 'object' || at === null) return true;
    if (path.length >= MAX_DEPTH) return false;
    for (const [key, item] of Array.isArray(at) ? at.entries() : Object.entries(at)) {
      const problem = mayHoldBadText && typeof key === 'string' && problemOfText(key);
      if (problem) note(problems, writePath(path), `the name of a field ${problem}`);
      path.push(key);
      if (!visit(item)) return false;
      path.pop();
    }
    return true;
  };

  const isShallow = visit(value);
  if (!isShallow) note(problems, '_', `must not be nested deeper than ${MAX_DEPTH} levels`);
  return isShallow;
}
