import { describe, expect, it } from '@jest/globals';
import type { AppError } from '@punchcard/contracts';
import { keyHash, newKey } from '@punchcard/service-kit';
import { givenKeyRecord, pepper, type KeyChanges } from '../../test/given.ts';
import { checkKey } from './key-rules.ts';
import { toKnownKey } from './known-key.ts';
import { hasSecret } from './secrets.ts';

const at = '2026-03-08T09:15:00.000Z';
const nowMs = Date.parse(at);
const refusalOf = (changes: KeyChanges, address = '192.0.2.1') => {
  try {
    checkKey(toKnownKey({ isStaging: false })(givenKeyRecord(changes)), nowMs, address);
    return undefined;
  } catch (thrown) {
    const { code, details } = thrown as AppError;
    return { code, details };
  }
};

describe('checkKey', () => {
  it('accepts a key until the instant of its end, and no longer', () => {
    const after = new Date(nowMs + 1).toISOString();

    expect(refusalOf({ expires_at: after })).toBeUndefined();
    expect(refusalOf({ expires_at: at })).toEqual({
      code: 'AUTH_KEY_EXPIRED',
      details: { reason: 'key_expired', expired_at: at },
    });
  });

  it('refuses a key that was revoked, even when it has expired since', () => {
    expect(refusalOf({ revoked_at: at, expires_at: at })).toMatchObject({
      code: 'AUTH_KEY_INACTIVE',
      details: { reason: 'key_revoked' },
    });
  });

  it('refuses a key that was revoked by a clock which is ahead of ours', () => {
    const ahead = new Date(nowMs + 5_000).toISOString();

    expect(refusalOf({ revoked_at: ahead })).toMatchObject({ code: 'AUTH_KEY_INACTIVE' });
  });

  it('takes the keys of a deleted partner for revoked', () => {
    expect(refusalOf({ partner: { is_deleted: true } })).toMatchObject({ code: 'AUTH_KEY_INACTIVE' });
  });

  it('lets a key with addresses in from these only', () => {
    const changes = { allowed_ips: ['192.0.2.0/28', '2001:db8::1'] };

    expect(refusalOf(changes, '192.0.2.15')).toBeUndefined();
    expect(refusalOf(changes, '2001:db8::1')).toBeUndefined();
    expect(refusalOf(changes, '192.0.2.16')).toMatchObject({
      code: 'AUTH_INVALID_KEY',
      details: { reason: 'ip_not_allowed' },
    });
  });
});

describe('hasSecret', () => {
  const [current, previous] = [newKey('api_secret'), newKey('api_secret')];
  const record = givenKeyRecord({
    secrets: [
      { hash: keyHash(pepper, current), expires_at: null },
      { hash: keyHash(pepper, previous), expires_at: at },
    ],
  });

  it('accepts the current secret, and the previous one until its end', () => {
    expect(hasSecret(record, current, { pepper, nowMs })).toBe(true);
    expect(hasSecret(record, previous, { pepper, nowMs: nowMs - 1 })).toBe(true);
    expect(hasSecret(record, previous, { pepper, nowMs })).toBe(false);
  });

  it('refuses every other', () => {
    expect(hasSecret(record, newKey('api_secret'), { pepper, nowMs })).toBe(false);
    expect(hasSecret(givenKeyRecord(), current, { pepper, nowMs })).toBe(false);
  });
});
