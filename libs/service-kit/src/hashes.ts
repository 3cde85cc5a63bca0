import { createHmac } from 'node:crypto';
import { normaliseIdentifier, type IdentifierKind } from './identifiers.ts';

export type { IdentifierKind };

const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text);

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
  const partnerKey = hmac(pepper, partnerId).digest();
  return hmac(partnerKey, `${kind}:${normaliseIdentifier(kind, value)}`).digest('hex');
}
