import { AppError, invalid, type Tool } from '@punchcard/contracts';

/** The HTTP call that a tool call stands for. */
export interface EndpointCall {
  /** Without the query. */
  path: string;
  /** With `?`, or empty. */
  query: string;
  body: Record<string, unknown> | null;
}

/** What a tool call asks for, and with what. */
export interface Asked extends Pick<Tool, 'endpoint' | 'places'> {
  given: Readonly<Record<string, unknown>>;
  isDry: boolean;
}

/**
 * The endpoint of the tool, or with `dry_run` the one that foretells it. That one tells everything by itself: what only chooses
 * how much is told (a query) is left out.
 * @throws AppError VALIDATION_FAILED
 */
export function askedOf({ endpoint, places, dryRun }: Tool, given: Readonly<Record<string, unknown>>): Asked {
  if (!dryRun) return { endpoint, places, given, isDry: false };
  const { dry_run: isDry = false, ...fields } = given;
  if (typeof isDry !== 'boolean') throw invalid('dry_run', 'must be true or false');
  if (!isDry) return { endpoint, places, given: fields, isDry };
  const { endpoint: foretelling, places: itsPlaces, body } = dryRun;
  const said = Object.keys(body).filter((name) => name in fields);
  if (said.length > 0) {
    const errors = Object.fromEntries(said.map((name) => [name, ['is not a known field']]));
    throw new AppError('VALIDATION_FAILED', { details: { errors } });
  }
  const taken = Object.entries(fields).filter(([name]) => places.get(name) !== 'query' || dryRun.places.has(name));
  return { endpoint: foretelling, places: itsPlaces, given: { ...Object.fromEntries(taken), ...body }, isDry };
}

/**
 * Puts the arguments where the endpoint takes them. What a service can judge is left to it; here only what has no place in a URL.
 * @throws AppError VALIDATION_FAILED
 */
export function callOf({ endpoint, places, given }: Omit<Asked, 'isDry'>): EndpointCall {
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
