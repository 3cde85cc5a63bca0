import { addStamps, listMyStampCards, memberStampCards, redeemStamps } from '@punchcard/contracts';
import { newId, type Sql } from '@punchcard/database';
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
