import type { Tx } from '@punchcard/database';

/**
 * Waits until no other change of the partner's programme is open; held until commit. Not a row to lock: an advisory lock serves its
 * waiters in the order in which they came, and leaves nothing to clean up.
 */
export async function lockProgramme(tx: Tx, partnerId: string): Promise<void> {
  await tx`
    select pg_advisory_xact_lock(hashtextextended(partner_id, 0))
    from (values (${`programme ${partnerId}`})) as programme (partner_id)
  `;
}
