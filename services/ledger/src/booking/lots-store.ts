import type { Tx } from '@punchcard/database';
import type { Lot } from '../lots/rules.ts';
import type { Asked } from './asked-rules.ts';

/** Enough for almost every debit; what needs more reads all of the account. */
export const LOTS_AT_HAND = 64;

export type LotRow = Lot & { partnerId: string; memberId: string };

/**
 * What time has changed by then: lots of the accounts that must be booked as expired before anything else, and lots of all cards of the
 * members that are active and not counted yet. One that is both comes twice.
 */
export async function findRipeLots(tx: Tx, { accounts, until }: Asked): Promise<LotRow[]> {
  return tx<LotRow[]>`
    with q as ${members(tx, accounts)}
    select ${lot(tx)}
    from q
    join lots l using (partner_id, member_id, card_id)
    join accounts a using (partner_id, member_id, card_id)
    where l.remaining > 0 and l.expires_at <= ${until}
    union all
    select ${lot(tx)}
    from (select distinct q.partner_id, q.member_id from q) q
    join lots l using (partner_id, member_id)
    join accounts a using (partner_id, member_id, card_id)
    where not l.is_counted and l.remaining > 0 and l.activates_at <= ${until}
  `;
}

/** The first lots of each account in the order of spending, without those that stay pending. One more than at hand = there are more. */
export async function findFirstLots(tx: Tx, { accounts, until }: Asked): Promise<LotRow[]> {
  return tx<LotRow[]>`
    select ${lot(tx)}
    from ${members(tx, accounts)} as q
    join accounts a using (partner_id, member_id, card_id)
    cross join lateral (
      select o.*
      from lots o
      where o.partner_id = q.partner_id and o.member_id = q.member_id and o.card_id = q.card_id
        and o.remaining > 0
        and (o.activates_at is null or o.activates_at <= ${until})
      order by o.expires_at, o.earned_at, o.lot_id
      limit ${LOTS_AT_HAND + 1}
    ) l
  `;
}

/** All open lots of accounts for which the first did not suffice, pending ones too. */
export async function findAllLots(
  tx: Tx,
  accounts: readonly { partnerId: string; memberId: string; cardId: string }[],
): Promise<LotRow[]> {
  return tx<LotRow[]>`
    select ${lot(tx)}
    from unnest(
      ${accounts.map(({ partnerId }) => partnerId)}::uuid[],
      ${accounts.map(({ memberId }) => memberId)}::uuid[],
      ${accounts.map(({ cardId }) => cardId)}::uuid[]
    ) as q (partner_id, member_id, card_id)
    join lots l using (partner_id, member_id, card_id)
    join accounts a using (partner_id, member_id, card_id)
    where l.remaining > 0
  `;
}

/** What stays pending of each account, and is not due. */
export async function sumPending(
  tx: Tx,
  { accounts, until }: Asked,
): Promise<{ partnerId: string; memberId: string; cardId: string; points: number }[]> {
  return tx<{ partnerId: string; memberId: string; cardId: string; points: number }[]>`
    select q.partner_id, q.member_id, q.card_id, sum(l.remaining)::bigint as points
    from ${members(tx, accounts)} as q
    join lots l using (partner_id, member_id, card_id)
    where not l.is_counted and l.remaining > 0 and l.activates_at > ${until}
      and (l.expires_at is null or l.expires_at > ${until})
    group by q.partner_id, q.member_id, q.card_id
  `;
}

const lot = (tx: Tx) => tx`
  a.partner_id, a.member_id, a.card_id, a.club_id, l.lot_id, l.points, l.remaining, l.earned_at, l.activates_at,
  l.expires_at, l.is_counted
`;

const members = (tx: Tx, accounts: Asked['accounts']) => tx`
  (
    select distinct m.partner_id, m.member_id, asked.card_id
    from unnest(
      ${accounts.map(({ partnerId }) => partnerId)}::uuid[],
      ${accounts.map(({ identifier }) => identifier)}::text[],
      ${accounts.map(({ cardId }) => cardId)}::uuid[]
    ) as asked (partner_id, identifier, card_id)
    join member_identifiers m using (partner_id, identifier)
  )
`;
