import { randomUUID } from 'node:crypto';
import { findKey, type KeyRecord } from '@punchcard/contracts';
import { keyHash, newKey } from '@punchcard/service-kit';

export const pepper = 'pepper-of-the-tests-0123456789-abcdef';

/** What a test may change of a key's record. */
export type KeyChanges = Omit<Partial<KeyRecord>, 'partner'> & { partner?: Partial<KeyRecord['partner']> | null };

/** The record of an active agent key of an enterprise partner, but for what the test is about. */
export function givenKeyRecord({ partner, ...changed }: KeyChanges = {}): KeyRecord {
  const record = findKey.answer.parse(findKey.example.answer);
  return {
    ...record,
    ...changed,
    partner: partner === null || !record.partner ? null : { ...record.partner, ...partner },
  };
}

const kinds = { partner: 'partner', member: 'member', admin: 'admin' } as const;

/** An agent key of a partner of its own, with its text. */
export function givenAgentKey(changes: KeyChanges = {}) {
  const id = randomUUID();
  const role = changes.role ?? 'partner';
  const record = givenKeyRecord({
    key_id: randomUUID(),
    ...(role === 'member' ? { member_id: randomUUID() } : {}),
    ...changes,
    partner: role === 'admin' ? null : { id, ...changes.partner },
  });
  const key = newKey(kinds[role]);
  return { key, hash: keyHash(pepper, key), record, partnerId: id };
}

/** A key pair of the Partner API of a partner of its own, with its texts. */
export function givenKeyPair(changes: KeyChanges = {}) {
  const key = newKey('api_key');
  const secret = newKey('api_secret');
  const id = randomUUID();
  const record = givenKeyRecord({
    key_id: randomUUID(),
    kind: 'api_key',
    scopes: [],
    permissions: ['analytics:read'],
    secrets: [{ hash: keyHash(pepper, secret), expires_at: null }],
    ...changes,
    partner: { id, ...changes.partner },
  });
  return { key, secret, hash: keyHash(pepper, key), record, partnerId: id };
}
