import type { Tx } from '@punchcard/database';

export interface LadderChange {
  partnerId: string;
  scopeId: string;
  afterMemberId: string;
}

/** Across partners: a ladder whose members wait to be placed, and that no other process has in hand. */
export async function takeLadderChange(tx: Tx): Promise<LadderChange | undefined> {
  const [change] = await tx<LadderChange[]>`
    select partner_id, scope_id, after_member_id
    from ladder_changes
    limit 1
    for update skip locked
  `;
  return change;
}
