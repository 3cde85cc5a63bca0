import { AppError, invalid, presetsByRole, scopesByRole, type KeyRole } from '@punchcard/contracts';

export type KeyStatus = 'active' | 'expiring' | 'expired' | 'revoked';

/** What decides on a key's state; all that a key row has. */
export interface KeyLife {
  revokedAt: Date | null;
  expiresAt: Date | null;
  rotatedTo: string | null;
}

export function statusOf({ revokedAt, expiresAt, rotatedTo }: KeyLife, now: Date): KeyStatus {
  if (revokedAt) return 'revoked';
  if (expiresAt && expiresAt <= now) return 'expired';
  return rotatedTo ? 'expiring' : 'active';
}

/** Refuses what only a key in use can do; with `fresh`, a key that was rotated already, too. */
export function mustBeInUse(key: KeyLife, now: Date, { fresh = false } = {}): void {
  const status = statusOf(key, now);
  if (status === 'active' || (status === 'expiring' && !fresh)) return;
  const reason = status === 'expiring' ? 'rotated' : status;
  throw new AppError('CONFLICT', {
    details: { reason, current_state: status, allowed_states: fresh ? ['active'] : ['active', 'expiring'] },
  });
}

/** A change cannot lengthen the overlap of a rotated key: that would undo the rotation and leave two keys that count as one. */
export function mustNotOutliveRotation(key: KeyLife, end: Date | null): void {
  if (!key.rotatedTo || !key.expiresAt) return;
  if (end && end <= key.expiresAt) return;
  throw new AppError('CONFLICT', {
    details: { reason: 'rotated', current_state: 'expiring', allowed_states: ['active'] },
  });
}

interface Rights {
  preset?: string | undefined;
  scopes?: readonly string[] | undefined;
}

/** The scopes that a preset or a list stands for, checked against the role. Exactly one of both. */
export function scopesFor(role: KeyRole, { preset, scopes }: Rights): string[] {
  if ((preset === undefined) === (scopes === undefined))
    throw invalid('preset', 'send exactly one of preset and scopes');
  if (preset !== undefined) {
    const known = presetsByRole[role];
    const found = Object.hasOwn(known, preset) ? known[preset] : undefined;
    if (!found) throw invalid('preset', `must be one of ${Object.keys(known).join(', ')}`);
    return [...found];
  }
  const allowed: readonly string[] = scopesByRole[role];
  for (const [n, scope] of scopes!.entries()) {
    if (!allowed.includes(scope)) throw invalid(`scopes[${n}]`, `must be one of ${allowed.join(', ')}`);
    if (scopes!.indexOf(scope) !== n) throw invalid(`scopes[${n}]`, 'must not be repeated');
  }
  return [...scopes!];
}

/** A key cannot give a key of its own role a scope that it does not have (contract 1.7). */
export function mustNotExceed(scopes: readonly string[], own: readonly string[]): void {
  if (own.includes('admin')) return;
  const missing = scopes.filter((scope) => !own.includes(scope));
  if (missing.length > 0) {
    throw new AppError('AUTH_INSUFFICIENT_SCOPE', { details: { required_scopes: missing, key_scopes: own } });
  }
}

/** Whether one more may be made: -1 is unlimited. */
export function mustFit(limitName: string, limit: number, current: number): void {
  if (limit === -1 || current < limit) return;
  throw new AppError('LIMIT_REACHED', { details: { limit_name: limitName, limit, current } });
}

export function mustBeAhead(field: string, expiresAt: Date | null | undefined, now: Date): void {
  if (expiresAt && expiresAt <= now) throw invalid(field, 'must lie in the future');
}

const DAY_MS = 86_400_000;
/** Member keys live 90 days unless said, a year at most (contract 1.6, 4). */
export const memberKeyDays = { default: 90, max: 365 };

export function memberKeyEnd(asked: Date | undefined, now: Date): Date {
  mustBeAhead('expires_at', asked, now);
  const latest = new Date(now.getTime() + memberKeyDays.max * DAY_MS);
  if (asked && asked > latest) throw invalid('expires_at', 'must lie within a year');
  return asked ?? new Date(now.getTime() + memberKeyDays.default * DAY_MS);
}

/** Revoked keys stay in lists so long. */
export const revokedShownDays = 90;

/** When an old key ends after a rotation: after the overlap, but not later than it would have. */
export function overlapEnd(expiresAt: Date | null, overlapSeconds: number, now: Date): Date {
  const end = new Date(now.getTime() + overlapSeconds * 1_000);
  return expiresAt && expiresAt < end ? expiresAt : end;
}

/** Whether a key is an admin key in use that can make and revoke keys. */
export const managesKeys = (key: KeyLife & { role: KeyRole; scopes: readonly string[] }, now: Date): boolean =>
  key.role === 'admin' &&
  (key.scopes.includes('admin') || key.scopes.includes('write:keys')) &&
  !['revoked', 'expired'].includes(statusOf(key, now));
