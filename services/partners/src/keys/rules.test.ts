import { describe, expect, it } from '@jest/globals';
import {
  memberKeyEnd,
  mustBeInUse,
  mustFit,
  mustNotExceed,
  mustNotOutliveRotation,
  overlapEnd,
  scopesFor,
  statusOf,
} from './rules.ts';

const now = new Date('2026-03-08T09:15:00Z');
const later = new Date('2026-03-08T09:15:01Z');
const life = { revokedAt: null, expiresAt: null, rotatedTo: null };

describe('statusOf', () => {
  it.each([
    ['active', life],
    ['active', { ...life, expiresAt: later }],
    ['expired', { ...life, expiresAt: now }],
    ['expiring', { ...life, expiresAt: later, rotatedTo: 'x' }],
    ['expired', { ...life, expiresAt: now, rotatedTo: 'x' }],
    ['revoked', { revokedAt: now, expiresAt: now, rotatedTo: 'x' }],
  ])('is %s', (status, key) => {
    expect(statusOf(key, now)).toBe(status);
  });
});

describe('mustBeInUse', () => {
  it('refuses a second rotation during the overlap, but not a change', () => {
    const rotated = { ...life, expiresAt: later, rotatedTo: 'x' };

    expect(() => mustBeInUse(rotated, now)).not.toThrow();
    expect(() => mustBeInUse(rotated, now, { fresh: true })).toThrow(
      expect.objectContaining({ code: 'CONFLICT', details: expect.objectContaining({ reason: 'rotated' }) }),
    );
  });
});

describe('mustNotOutliveRotation', () => {
  const rotated = { ...life, expiresAt: later, rotatedTo: 'x' };

  it.each([
    ['no end', null],
    ['a later end', new Date('2026-03-08T09:15:02Z')],
  ])('refuses %s for a rotated key', (_name, end) => {
    expect(() => mustNotOutliveRotation(rotated, end)).toThrow(
      expect.objectContaining({ code: 'CONFLICT', details: expect.objectContaining({ reason: 'rotated' }) }),
    );
  });

  it('lets its overlap end sooner, and a key that was not rotated have any end', () => {
    expect(() => mustNotOutliveRotation(rotated, now)).not.toThrow();
    expect(() => mustNotOutliveRotation(rotated, later)).not.toThrow();
    expect(() => mustNotOutliveRotation({ ...life, expiresAt: now }, null)).not.toThrow();
  });
});

describe('scopesFor', () => {
  it('takes a preset or scopes of the role, never both, never none', () => {
    expect(scopesFor('partner', { preset: 'point_of_sale' })).toEqual(['read', 'write:transactions', 'write:rewards']);
    expect(scopesFor('admin', { scopes: ['write:keys'] })).toEqual(['write:keys']);
    for (const rights of [{}, { preset: 'full', scopes: ['read'] }]) {
      expect(() => scopesFor('partner', rights)).toThrow(expect.objectContaining({ code: 'VALIDATION_FAILED' }));
    }
  });

  it.each([
    ['partner', { preset: 'full_access' }, 'preset'],
    ['partner', { preset: 'constructor' }, 'preset'],
    ['partner', { scopes: ['write:keys'] }, 'scopes[0]'],
    ['partner', { scopes: ['write:*'] }, 'scopes[0]'],
    ['member', { scopes: ['read', 'read'] }, 'scopes[1]'],
  ] as const)('names the field when a %s key is asked to have %j', (role, rights, field) => {
    expect(() => scopesFor(role, rights)).toThrow(
      expect.objectContaining({ details: { errors: { [field]: [expect.any(String)] } } }),
    );
  });
});

describe('mustNotExceed', () => {
  it('lets admin give anything, and others what they have', () => {
    expect(() => mustNotExceed(['write:partners'], ['admin'])).not.toThrow();
    expect(() => mustNotExceed(['read'], ['read', 'write:keys'])).not.toThrow();
    expect(() => mustNotExceed(['admin'], ['read', 'write:keys'])).toThrow(
      expect.objectContaining({ code: 'AUTH_INSUFFICIENT_SCOPE' }),
    );
  });
});

describe('mustFit', () => {
  it('counts: -1 is unlimited, 0 none, n as many', () => {
    expect(() => mustFit('agent_keys_limit', -1, 1_000)).not.toThrow();
    expect(() => mustFit('agent_keys_limit', 5, 4)).not.toThrow();
    expect(() => mustFit('agent_keys_limit', 5, 5)).toThrow(expect.objectContaining({ code: 'LIMIT_REACHED' }));
    expect(() => mustFit('agent_keys_limit', 0, 0)).toThrow(expect.objectContaining({ code: 'LIMIT_REACHED' }));
  });
});

describe('memberKeyEnd', () => {
  it('is 90 days ahead unless said, and at most a year', () => {
    expect(memberKeyEnd(undefined, now)).toEqual(new Date('2026-06-06T09:15:00Z'));
    expect(memberKeyEnd(later, now)).toEqual(later);
    expect(() => memberKeyEnd(new Date('2027-03-09T09:15:00Z'), now)).toThrow();
    expect(() => memberKeyEnd(now, now)).toThrow();
  });
});

describe('overlapEnd', () => {
  it('never lengthens a life', () => {
    expect(overlapEnd(null, 60, now)).toEqual(new Date('2026-03-08T09:16:00Z'));
    expect(overlapEnd(later, 60, now)).toEqual(later);
  });
});
