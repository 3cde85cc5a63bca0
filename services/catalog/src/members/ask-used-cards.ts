import { memberCards, memberIdOf, type Call } from '@punchcard/contracts';
import type { InternalClient } from '@punchcard/service-kit';

/**
 * Ids of the cards on which the member who calls has an entry, as of now.
 * @throws AppError SERVICE_UNAVAILABLE when the ledger does not say
 */
export async function askUsedCards(
  internal: InternalClient,
  { caller, marks }: Pick<Call, 'caller' | 'marks'>,
): Promise<readonly string[]> {
  const { card_ids: cardIds } = await internal.call(memberCards, { params: { id: memberIdOf(caller) }, caller, marks });
  return cardIds;
}
