import { errors, type ErrorCode } from './errors.ts';

/** Values of a refusal, in the Agent API's names; a row of the table renames them for the Partner API. */
export type Details = Readonly<Record<string, unknown>>;

export interface AppErrorOptions {
  details?: Details;
  /** Seconds for `Retry-After`. */
  retryAfter?: number;
  cause?: unknown;
}

/** An expected failure. Code, message and details reach the caller; `cause` reaches the log only. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly details: Details;
  readonly retryAfter: number | undefined;

  constructor(code: ErrorCode, { details = {}, retryAfter, cause }: AppErrorOptions = {}) {
    const { message } = errors[code];
    super(typeof message === 'string' ? message : message(details), { cause });
    this.code = code;
    this.details = details;
    this.retryAfter = retryAfter;
  }

  /** Whether the same call can succeed later; a consumer redelivers only then. */
  get retryable(): boolean {
    return errors[this.code].retryStrategy === 'backoff';
  }
}

/** A field that is not valid, as 422. `path` is written `items[2].amount`; `_` is the whole body. */
export const invalid = (path: string, ...messages: string[]): AppError =>
  new AppError('VALIDATION_FAILED', { details: { errors: { [path]: messages } } });

/** A thing that this partner does not have. `field` when its id came from a body. */
export const notFound = (resource: string, id: string | null, field?: string): AppError =>
  new AppError('NOT_FOUND', { details: { resource, id, ...(field === undefined ? {} : { field }) } });
