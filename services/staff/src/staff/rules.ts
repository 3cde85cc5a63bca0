import { AppError } from '@punchcard/contracts';

/** 409 when an e-mail belongs to somebody else than `staffId`. */
export function requireFreeEmail(staffId: string, owner: string | undefined): void {
  if (owner !== undefined && owner !== staffId) {
    throw new AppError('ALREADY_EXISTS', { details: { field: 'email', existing_id: owner } });
  }
}
