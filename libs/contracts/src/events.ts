import * as catalog from './events/catalog.ts';
import * as ledger from './events/ledger.ts';
import * as ledgerStamps from './events/ledger-stamps.ts';
import * as members from './events/members.ts';
import * as partners from './events/partners.ts';
import * as staff from './events/staff.ts';
import * as vouchers from './events/vouchers.ts';

/** Every event of the system. */
export const events = [
  partners.partnerChanged,
  partners.keyChanged,
  catalog.clubChanged,
  catalog.cardChanged,
  catalog.rewardChanged,
  catalog.tierChanged,
  catalog.stampCardChanged,
  members.memberChanged,
  staff.staffChanged,
  ledger.pointsEarned,
  ledger.pointsRedeemed,
  ledger.pointsExpired,
  ledger.memberTierChanged,
  ledgerStamps.stampsAdded,
  ledgerStamps.stampCardCompleted,
  ledgerStamps.stampRewardRedeemed,
  vouchers.voucherChanged,
  vouchers.voucherBatchCreated,
  vouchers.voucherRedeemed,
] as const;
