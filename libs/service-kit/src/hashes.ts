import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { normaliseIdentifier, type IdentifierKind } from './identifiers.ts';

export type { IdentifierKind };

const hmac = (key: string | KeyObject, text: string) => createHmac('sha256', key).update(text);

/** How a whole key or secret is stored and found: HMAC-SHA-256 with the server's pepper, hexadecimal. */
export const keyHash = (pepper: string, key: string): string => hmac(pepper, key).digest('hex');

/**
 * How a member's identifier is known outside `members`: HMAC-SHA-256 over kind and normalised value with a key of that partner,
 * hexadecimal. The partner's own key keeps one person from being followed across partners.
 */
export function identifierHash(
  pepper: string,
  partnerId: string,
  { kind, value }: { kind: IdentifierKind; value: string },
): string {
  return hmac(partnerKeyOf(pepper, partnerId), `${kind}:${normaliseIdentifier(kind, value)}`).digest('hex');
}

const MAX_KEPT = 10_000;
const partnerKeys = new Map<string, KeyObject>();

/** Kept, since one sale has several identifiers to try: an HMAC with a new key costs 15 µs, with a kept one 3. */
function partnerKeyOf(pepper: string, partnerId: string): KeyObject {
  const name = `${pepper} ${partnerId}`;
  let key = partnerKeys.get(name);
  if (!key) {
    key = createSecretKey(hmac(pepper, partnerId).digest());
    if (partnerKeys.size >= MAX_KEPT) partnerKeys.clear();
    partnerKeys.set(name, key);
  }
  return key;
}
