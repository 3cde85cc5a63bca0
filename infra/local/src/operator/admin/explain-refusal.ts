type Details = Readonly<Record<string, unknown>>;

/** What the fields of requests are called on the command line. */
const options: Readonly<Record<string, string>> = {
  name: '--name',
  preset: '--preset',
  scopes: '--scope',
  expires_at: '--expires-at',
  rate_limit: '--rate-limit',
  overlap_seconds: '--overlap',
  status: '--status',
  search: '--search',
};

const otherKey =
  'Set PUNCHCARD_ADMIN_KEY to an admin key of this deployment; `punchcard keys create-admin --name …` makes one.';

const conflicts: Readonly<Record<string, string>> = {
  rotated: 'It was rotated before. Rotate the key that took its place: see `punchcard keys list`.',
  revoked: 'It is revoked. Make a new one: `punchcard keys create`.',
  expired: 'It has expired. Make a new one: `punchcard keys create`.',
  last_admin_key: 'Nobody could make keys any more. Make another admin key first: `punchcard keys create-admin`.',
};

const advice: Readonly<Record<string, (details: Details) => string>> = {
  AUTH_MISSING_KEY: () => otherKey,
  AUTH_INVALID_KEY: () => otherKey,
  AUTH_KEY_EXPIRED: () => otherKey,
  AUTH_KEY_INACTIVE: () => otherKey,
  AUTH_WRONG_ROLE: ({ key_role: role }) => `PUNCHCARD_ADMIN_KEY holds a ${String(role)} key. ${otherKey}`,
  AUTH_INSUFFICIENT_SCOPE: ({ required_scopes: required, key_scopes: own }) =>
    `It needs ${listed(required)}, and the admin key has ${listed(own)}.`,
  LIMIT_REACHED: ({ limit, current }) =>
    `${String(current)} of ${String(limit)} keys are in use. Revoke one, or raise the partner's agent_keys_limit.`,
  CONFLICT: ({ reason }) => conflicts[String(reason)] ?? '',
  RATE_LIMITED: () => 'The admin key has used up its calls. Wait, or use another key.',
  SERVICE_UNAVAILABLE: ({ service }) =>
    `The service ${String(service)} does not answer: look at its log, then try again.`,
};

const listed = (words: unknown): string => (Array.isArray(words) ? words.join(' or ') : 'another scope');

/** A field's path as it stands on the command line: `scopes[1]` > `--scope`. */
const optionOf = (path: string): string => options[path.replace(/[[.].*$/, '')] ?? path;

const fieldLines = ({ errors }: Details): string[] =>
  Object.entries((errors ?? {}) as Record<string, string[]>).map(
    ([path, problems]) => `${optionOf(path)} ${problems.join(', ')}`,
  );

/** What a refusal of the API means to whoever typed the command, and what to do; the last line is for the log. */
export const explainRefusal = (body: Details, status: number): string => {
  const { code, message, request_id: requestId } = body;
  const details = (body['details'] ?? {}) as Details;
  if (typeof code !== 'string') return `The answer was ${status}, and not one of Punchcard. Is the address right?`;
  const told = code === 'VALIDATION_FAILED' ? fieldLines(details) : [advice[code]?.(details) ?? ''];
  const lines = [String(message), ...told.filter(Boolean), `(${code}, request ${String(requestId)})`];
  return lines.join('\n  ');
};
