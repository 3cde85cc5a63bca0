import { note, type Problems } from './issues.ts';

/** Reads a query strictly: each parameter once, well-formed UTF-8, no control characters. Values are text. */
export function readQuery(query: string, problems: Problems): Record<string, string> {
  const values = new Map<string, string>();
  for (const pair of query.split('&')) {
    if (pair === '') continue;
    const at = pair.indexOf('=');
    const name = decoded(at === -1 ? pair : pair.slice(0, at));
    const value = decoded(at === -1 ? '' : pair.slice(at + 1));
    if (name === undefined || value === undefined) {
      note(problems, name ?? '_', 'must be percent-encoded UTF-8 text');
    } else if (values.has(name)) {
      note(problems, name, 'must be given only once');
    } else {
      if (CONTROL.test(value)) note(problems, name, 'must not contain control characters');
      values.set(name, value);
    }
  }
  return Object.fromEntries(values);
}

const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f]/;

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}
