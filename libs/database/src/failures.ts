import postgres from 'postgres';

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;

const CONNECTION_LOST = new Set([
  ...['CONNECTION_CLOSED', 'CONNECTION_DESTROYED', 'CONNECTION_ENDED', 'CONNECT_TIMEOUT'],
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH'],
]);

/** A unique index refused a row; with `constraint`, that one. */
export const isUniqueViolation = (error: unknown, constraint?: string): boolean =>
  error instanceof postgres.PostgresError &&
  error.code === '23505' &&
  (constraint === undefined || error.constraint_name === constraint);

/** The server did not answer, or ended the session: nothing says whether a commit that was under way happened. */
export const isConnectionLost = (error: unknown): boolean => {
  const code = codeOf(error);
  return code !== undefined && (CONNECTION_LOST.has(code) || code.startsWith('08') || code.startsWith('57P'));
};

/** A lock or statement time-out of the server. */
export const isTimeout = (error: unknown): boolean =>
  error instanceof postgres.PostgresError && (error.code === '55P03' || error.code === '57014');

/** The server itself said that it rolled back, so running again repeats nothing. */
export const wasRolledBack = (error: unknown): boolean =>
  error instanceof postgres.PostgresError && !isConnectionLost(error);
