import { AppError } from '@punchcard/contracts';
import type { KnownKey } from './known-key.ts';

/** Whether a key is good at this instant, from this address. The record says what is due when; nobody must tell us that it came. */
export function checkKey(
  { record, expiresAtMs, isRevoked, isAllowedFrom }: KnownKey,
  nowMs: number,
  address: string,
): void {
  if (isAllowedFrom && !isAllowedFrom(address)) {
    throw new AppError('AUTH_INVALID_KEY', { details: { reason: 'ip_not_allowed' } });
  }
  if (isRevoked) throw new AppError('AUTH_KEY_INACTIVE', { details: { reason: 'key_revoked' } });
  if (expiresAtMs <= nowMs) {
    throw new AppError('AUTH_KEY_EXPIRED', { details: { reason: 'key_expired', expired_at: record.expires_at } });
  }
}
