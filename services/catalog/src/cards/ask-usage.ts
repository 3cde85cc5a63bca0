import { cardUsage, type Call } from '@punchcard/contracts';
import type { Sql } from '@punchcard/database';
import type { InternalClient } from '@punchcard/service-kit';
import { changesFixedTerms, type CardFields } from './rules.ts';
import { findCard, type CardKey } from './store.ts';

export interface UsageQuestion {
  key: CardKey;
  change: CardFields;
  call: Pick<Call, 'caller' | 'marks'>;
}

/**
 * Whether a card has transactions: asked of the ledger before the transaction opens, and only by a change that they would
 * forbid. Not asked: undefined.
 */
export async function askUsage(
  { sql, internal }: { sql: Sql; internal: InternalClient },
  { key, change, call: { caller, marks } }: UsageQuestion,
): Promise<boolean | undefined> {
  const card = await findCard(sql, key);
  if (!card || !changesFixedTerms(card, change)) return undefined;
  const usage = await internal.call(cardUsage, { params: { id: key.cardId }, caller, marks });
  return usage.has_transactions;
}
