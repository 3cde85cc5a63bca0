export type Details = Readonly<Record<string, unknown>>;

export type RetryStrategy = 'no_retry' | 'fix_request' | 'backoff' | 'contact_support';

/** A refusal in both dialects. */
export interface ErrorRow {
  message: string | ((details: Details) => string);
  status: number;
  retryStrategy: RetryStrategy;
  /** Names of details that each dialect shows; what is not named is for the log. Default: all. */
  agent?: { details: (details: Details) => Details };
  partner?: { code?: string; details?: (details: Details) => Details };
}

/** Shows these details and no others. */
export const only =
  (...names: string[]) =>
  (details: Details): Details =>
    Object.fromEntries(names.filter((name) => name in details).map((name) => [name, details[name]]));

/** Shows all details, some under another name. */
export const renamed =
  (names: Readonly<Record<string, string>>) =>
  (details: Details): Details =>
    Object.fromEntries(Object.entries(details).map(([name, value]) => [names[name] ?? name, value]));
