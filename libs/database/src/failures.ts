import { AppError } from '@punchcard/contracts';
import postgres from 'postgres';

const CONNECTION_LOST = new Set([
  ...['CONNECTION_CLOSED', 'CONNECTION_DESTROYED', 'CONNECTION_ENDED', 'CONNECT_TIMEOUT'],
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'],
]);
const TIMEOUT = new Set(['55P03', '57014']);
const LOST_RACE = new Set(['23505', '40001', '40P01']);

/** What the driver threw, also from inside the error that callers see instead of it. */
const driverErrorOf = (error: unknown): unknown =>
  error instanceof AppError && error.code === 'SERVICE_UNAVAILABLE' ? error.cause : error;

function codeOf(error: unknown): string {
  const thrown = driverErrorOf(error);
  return typeof thrown === 'object' && thrown !== null && 'code' in thrown ? String(thrown.code) : '';
}

/** A unique index refused a row; with `constraint`, that one. */
export const isUniqueViolation = (error: unknown, constraint?: string): boolean =>
  error instanceof postgres.PostgresError &&
  error.code === '23505' &&
  (constraint === undefined || error.constraint_name === constraint);

/** The server did not answer, or ended the session: nothing says whether a commit that was under way happened. */
export function isConnectionLost(error: unknown): boolean {
  const code = codeOf(error);
  return CONNECTION_LOST.has(code) || /^(08|57P|25P0[34])/.test(code);
}

/** The server gave up waiting for a lock, or on a statement that took too long. */
export const isTimeout = (error: unknown): boolean => TIMEOUT.has(codeOf(error));

/** Another transaction was faster (unique violation, dead lock): the same may go through when it runs again. */
export const hasLostRace = (error: unknown): boolean => LOST_RACE.has(codeOf(error));

const withoutCommit = new WeakSet<object>();

/** Notes that the transaction which threw this was never told to commit. */
export const noteNoCommit = (error: unknown): void => {
  if (typeof error === 'object' && error !== null) withoutCommit.add(error);
};

/** Surely nothing was kept, and running again repeats nothing. Not said of a lost connection. */
export const wasRolledBack = (error: unknown): boolean =>
  !isConnectionLost(error) &&
  (driverErrorOf(error) instanceof postgres.PostgresError ||
    (typeof error === 'object' && error !== null && withoutCommit.has(error)));

/** A database that is away, full or too slow is a 503 with `backoff`, the driver's error its `cause`. Others stay as they are. */
export const shownToCallers = (error: unknown): unknown =>
  !(error instanceof AppError) && (isConnectionLost(error) || isTimeout(error) || codeOf(error).startsWith('53'))
    ? new AppError('SERVICE_UNAVAILABLE', { cause: error })
    : error;
