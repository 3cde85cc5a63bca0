import { AppError, type Tool } from '@punchcard/contracts';

/** The HTTP call that a tool call stands for. */
export interface EndpointCall {
  /** Without the query. */
  path: string;
  /** With `?`, or empty. */
  query: string;
  body: Record<string, unknown> | null;
}

/**
 * Puts the arguments where the endpoint takes them. What a service can judge is left to it; here only what has no place in a URL.
 * @throws AppError VALIDATION_FAILED
 */
export function callOf({ endpoint, places }: Tool, given: Readonly<Record<string, unknown>>): EndpointCall {
  const errors: Record<string, string[]> = {};
  const query = new URLSearchParams();
  const body: Record<string, unknown> = {};
  const inPath: Record<string, string> = {};
  // A field that the endpoint does not know goes where its service will name it.
  const elsewhere = endpoint.body ? 'body' : 'query';
  for (const [name, value] of Object.entries(given)) {
    const place = places.get(name) ?? elsewhere;
    const text = textOf(value);
    if (place === 'body') body[name] = value;
    else if (text === undefined) errors[name] = ['must be text, a number or a boolean'];
    else if (place === 'query') query.set(name, text);
    else inPath[name] = text;
  }
  const path = endpoint.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    if (inPath[name] === undefined) errors[name] ??= ['is required'];
    return encodeURIComponent(inPath[name] ?? '');
  });
  if (Object.keys(errors).length > 0) throw new AppError('VALIDATION_FAILED', { details: { errors } });
  const search = query.toString();
  return { path, query: search === '' ? '' : `?${search}`, body: endpoint.body ? body : null };
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value.isWellFormed() ? value : undefined;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}
