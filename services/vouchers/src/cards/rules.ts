import { AppError } from '@punchcard/contracts';

/** What is asked of a card that the catalog may be deleting: come back when it has decided. */
export const beingDeleted = (): AppError =>
  new AppError('SERVICE_UNAVAILABLE', { details: { service: 'vouchers' }, retryAfter: 1 });
