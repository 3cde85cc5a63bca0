export type IdentifierKind = 'id' | 'email' | 'unique_identifier' | 'member_number';

export interface IdentifierCandidate {
  kind: IdentifierKind;
  /** Normalised, as it is hashed and compared. */
  value: string;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const TWELVE_DIGITS = /^(\d{3})-?(\d{3})-?(\d{3})-?(\d{3})$/;

/** One spelling for each thing: e-mail in lower case, unique identifier as `###-###-###-###`, member number as it is. */
export function normaliseIdentifier(kind: IdentifierKind, text: string): string {
  const value = text.normalize('NFC').trim();
  if (kind === 'unique_identifier') return value.replace(TWELVE_DIGITS, '$1-$2-$3-$4');
  return kind === 'member_number' ? value : value.toLowerCase();
}

/** The kinds that a text may be, in the order in which they are tried (contract 1.11); the first that finds a member wins. */
export function identifierCandidates(text: string): IdentifierCandidate[] {
  const value = text.normalize('NFC').trim();
  const kinds: IdentifierKind[] = [];
  if (UUID.test(value)) kinds.push('id');
  if (value.includes('@')) kinds.push('email');
  if (TWELVE_DIGITS.test(value)) kinds.push('unique_identifier');
  if ([...value].length <= 64) kinds.push('member_number');
  return kinds.map((kind) => ({ kind, value: normaliseIdentifier(kind, value) }));
}
