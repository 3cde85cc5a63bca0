import type { Tx } from '@punchcard/database';

/** Waits until no other change of the partner's programme is open. Held until commit. */
export async function lockProgramme(tx: Tx, { partnerId, now }: { partnerId: string; now: Date }): Promise<void> {
  await tx`
    insert into programmes (partner_id, changed_at)
    values (${partnerId}, ${now})
    on conflict (partner_id) do update set changed_at = excluded.changed_at
  `;
}
