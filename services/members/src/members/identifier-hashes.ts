import type { IdentifierKind } from '@punchcard/contracts';
import { identifierHash } from '@punchcard/service-kit';
import type { Member } from './store.ts';

/** How others may find a member: keyed hashes of the identifiers that it has. */
export function hashesOf(
  pepper: string,
  member: Pick<Member, 'partnerId' | 'email' | 'uniqueIdentifier' | 'memberNumber'>,
): { kind: IdentifierKind; hash: string }[] {
  const values: [IdentifierKind, string | null][] = [
    ['email', member.email],
    ['unique_identifier', member.uniqueIdentifier],
    ['member_number', member.memberNumber],
  ];
  return values.flatMap(([kind, value]) =>
    value === null ? [] : [{ kind, hash: identifierHash(pepper, member.partnerId, { kind, value }) }],
  );
}
