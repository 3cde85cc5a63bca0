import { AppError } from '@punchcard/contracts';
import { isConnectionLost, isTimeout } from '@punchcard/database';
import { isKafkaError } from './kafka.ts';

/**
 * - `outage`: something that we need is away. Tried again for ever, so that order and messages are kept.
 * - `poison`: this message can never be applied. Dead letter at once.
 * - `bug`: anything else. Tried a few times, then dead letter: it must not block those behind it.
 */
export type FailureKind = 'outage' | 'poison' | 'bug';

/** Too many connections, no space, the server shuts down or has trouble, serialization failure, dead lock. */
const SQL_OUTAGE = /^(?:53|57|58|40)/;

export function kindOf(error: unknown): FailureKind {
  if (error instanceof AppError) {
    if (!error.retryable) return 'poison';
    return error.code === 'INTERNAL_ERROR' ? 'bug' : 'outage';
  }
  if (error instanceof SyntaxError || (error instanceof Error && error.name === 'ZodError')) return 'poison';
  if (isConnectionLost(error) || isTimeout(error) || isKafkaError(error)) return 'outage';
  return SQL_OUTAGE.test(sqlState(error)) ? 'outage' : 'bug';
}

const sqlState = (error: unknown): string =>
  error instanceof Error && error.name === 'PostgresError' && 'code' in error ? String(error.code) : '';

/** The consumer was stopped, or its partitions went to another instance: what is not committed comes again there. */
export class Abandoned extends Error {
  override readonly name = 'Abandoned';
}
