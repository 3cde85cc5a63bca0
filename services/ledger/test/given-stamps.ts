import { addStamps, listMyStampCards, memberStampCards, newId, redeemStamps } from '@punchcard/contracts';
import type { Sql } from '@punchcard/database';
import { memberCaller, partnerCaller, type Sending } from '@punchcard/testing';
import { saveStampCard, type StampCardCopy } from '../src/replicas/stamp-cards-store.ts';
import type { Ledger, Programme } from './given.ts';

let made = 0;

/** Five stamps for a coffee, for ever; a copy as from its topic. */
export async function givenStampCard(
  sql: Sql,
  { partnerId, clubId }: Pick<Programme, 'partnerId' | 'clubId'>,
  fields: Partial<StampCardCopy> = {},
) {
  const stampCardId = newId();
  const plain: StampCardCopy = {
    ...{ partnerId, stampCardId, clubId, titles: { en_US: 'Coffees', lt_LT: 'Kavos' }, descriptions: null },
    ...{ rewardTitles: { en_US: 'A coffee' }, rewardDescriptions: null, stampsRequired: 5, stampsPerPurchase: 1 },
    ...{ minPurchaseMinor: null, currency: 'EUR', maxStampsPerTransaction: null, maxStampsPerDay: null },
    ...{ stampsExpireDays: null, rewardPoints: null, rewardCardId: null, requiresPhysicalClaim: true },
    ...{ validFrom: null, validUntil: null, isActive: true, isVisibleByDefault: true, stampIcon: 'cup' },
    ...{ bgColor: '#102030', textColor: null, isDeleted: false, sequence: (made += 1) },
    createdAt: new Date(Date.now() + made).toISOString(),
  };
  await sql.begin((tx) => saveStampCard(tx, { ...plain, ...fields }));
  return {
    stampCardId,
    change: (change: Partial<StampCardCopy>) =>
      sql.begin((tx) => saveStampCard(tx, { ...plain, ...fields, ...change, sequence: (made += 1) })),
  };
}

/** A till of the partner before one stamp card, and what is seen of it. */
export function givenStamper(
  ledger: Pick<Ledger, 'send'>,
  { partner, email, memberId }: Pick<Programme, 'partner' | 'email' | 'memberId'>,
  stampCardId: string,
) {
  const caller = partnerCaller(partner);
  const params = { id: stampCardId };
  return {
    add: (body: object = {}, sending: Sending = {}) =>
      ledger.send(caller, addStamps, { params, body: { member_identifier: email, ...body }, ...sending }),
    redeem: (body: object = {}, sending: Sending = {}) =>
      ledger.send(caller, redeemStamps, { params, body: { member_identifier: email, ...body }, ...sending }),
    begun: (sending: Sending = {}) => ledger.send(caller, memberStampCards, { params: { id: memberId }, ...sending }),
    own: (sending: Sending = {}) => ledger.send(memberCaller(partner, memberId), listMyStampCards, sending),
  };
}

/** As if all that happened on a stamp card had happened so many hours ago. */
export const backdateStamps = (
  sql: Sql,
  { partnerId, stampCardId }: { partnerId: string; stampCardId: string },
  hours: number,
): Promise<void> =>
  sql.begin(async (tx) => {
    await tx`alter table stamp_events disable trigger stamp_events_append_only`;
    await tx`
      update stamp_events
      set created_at = created_at - make_interval(hours => ${hours}), expires_at = expires_at - make_interval(hours => ${hours})
      where partner_id = ${partnerId} and stamp_card_id = ${stampCardId}
    `;
    await tx`alter table stamp_events enable trigger stamp_events_append_only`;
    await tx`
      update stamp_progress
      set
        last_event_at = last_event_at - make_interval(hours => ${hours}),
        last_stamp_at = last_stamp_at - make_interval(hours => ${hours}),
        open_stamps = (
          select coalesce(jsonb_agg(jsonb_set(g, '{expires_at}', to_jsonb(
            (g ->> 'expires_at')::timestamptz - make_interval(hours => ${hours})
          )) order by n), '[]')
          from jsonb_array_elements(open_stamps) with ordinality as o (g, n)
        )
      where partner_id = ${partnerId} and stamp_card_id = ${stampCardId}
    `;
  });
