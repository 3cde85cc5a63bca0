import { platformOverview } from './agent/admin-analytics.ts';
import * as adminMembers from './agent/admin-members.ts';
import * as adminPartners from './agent/admin-partners.ts';
import * as cards from './agent/cards.ts';
import * as clubs from './agent/clubs.ts';
import { docs, docsJson } from './agent/docs.ts';
import { estimate } from './agent/estimates.ts';
import { health } from './agent/health.ts';
import { join, joinPage } from './agent/join.ts';
import * as keys from './agent/keys.ts';
import { getMyBalance, listMyBalances } from './agent/member-balances.ts';
import { getMyCard, listMyCards } from './agent/member-cards.ts';
import { claimReward, getMyReward, listMyRewards } from './agent/member-rewards.ts';
import { getMyTier } from './agent/member-tier.ts';
import { listMyTransactions } from './agent/member-transactions.ts';
import * as memberKeys from './agent/member-keys.ts';
import * as memberProfile from './agent/member-profile.ts';
import { listMyVouchers } from './agent/member-vouchers.ts';
import * as members from './agent/members.ts';
import * as rewards from './agent/rewards.ts';
import * as staff from './agent/staff.ts';
import * as stampCards from './agent/stamp-cards.ts';
import * as stamps from './agent/stamps.ts';
import * as tiers from './agent/tiers.ts';
import { listTools, mcp } from './agent/tools.ts';
import * as transactions from './agent/transactions.ts';
import * as voucherBatches from './agent/voucher-batches.ts';
import * as voucherRedemptions from './agent/voucher-redemptions.ts';
import * as vouchers from './agent/vouchers.ts';
import type { Endpoint } from './endpoint.ts';
import * as internalCards from './internal/cards.ts';
import * as internalHolds from './internal/holds.ts';
import { estimateStamps } from './internal/estimates.ts';
import * as internalKeys from './internal/keys.ts';
import * as internalMembers from './internal/members.ts';
import * as internalPoints from './internal/points.ts';
import { closeStampCard } from './internal/stamp-cards.ts';
import { memberStanding } from './internal/standing.ts';
import * as internalTransactions from './internal/transactions.ts';
import { overview } from './partner/analytics.ts';

/** Every endpoint of the system, by the service that owns it. A service mounts its own list, the gateway routes all of them. */
export const endpointsOf = {
  gateway: [health, listTools, mcp, docs, docsJson],
  partners: [
    adminPartners.listPartners,
    adminPartners.createPartner,
    adminPartners.getPartner,
    adminPartners.updatePartner,
    adminPartners.deletePartner,
    adminPartners.getPermissions,
    adminPartners.updatePermissions,
    adminPartners.listNetworks,
    keys.listAgentKeys,
    keys.createAgentKey,
    keys.updateAgentKey,
    keys.rotateAgentKey,
    keys.revokeAgentKey,
    keys.createMemberKey,
    keys.listAdminKeys,
    keys.createAdminKey,
    memberKeys.listMyKeys,
    memberKeys.createMyKey,
    memberKeys.revokeMyKey,
    internalKeys.findKey,
    internalKeys.ensureMemberKey,
    internalKeys.recordKeyUse,
    internalKeys.bootstrapAdminKey,
    internalKeys.createApiKeyPair,
  ],
  catalog: [
    clubs.listClubs,
    clubs.getClub,
    clubs.createClub,
    clubs.updateClub,
    clubs.deleteClub,
    cards.listCards,
    cards.getCard,
    cards.createCard,
    cards.updateCard,
    cards.deleteCard,
    rewards.listRewards,
    rewards.getReward,
    rewards.createReward,
    rewards.updateReward,
    rewards.deleteReward,
    tiers.listTiers,
    tiers.getTier,
    tiers.createTier,
    tiers.updateTier,
    tiers.deleteTier,
    stampCards.listStampCards,
    stampCards.getStampCard,
    stampCards.createStampCard,
    stampCards.updateStampCard,
    stampCards.deleteStampCard,
    listMyCards,
    getMyCard,
    listMyRewards,
    getMyReward,
  ],
  members: [
    members.listMembers,
    members.getMember,
    adminMembers.listAllMembers,
    adminMembers.getAnyMember,
    memberProfile.getProfile,
    memberProfile.updateProfile,
    join,
    joinPage,
    internalMembers.importMembers,
    internalMembers.recordMemberUse,
  ],
  ledger: [
    transactions.listTransactions,
    transactions.getTransaction,
    transactions.purchase,
    transactions.redeem,
    estimate,
    members.memberBalance,
    listMyBalances,
    getMyBalance,
    listMyTransactions,
    getMyTier,
    claimReward,
    stamps.addStamps,
    stamps.redeemStamps,
    stamps.memberStampCards,
    stamps.listMyStampCards,
    internalMembers.memberCards,
    internalCards.cardUsage,
    internalCards.closeCard,
    closeStampCard,
    internalPoints.awardPoints,
    internalPoints.listRefusedAwards,
    internalPoints.retryRefusedAward,
    estimateStamps,
    memberStanding,
    internalTransactions.importTransactions,
    internalTransactions.exportEntries,
  ],
  analytics: [overview, platformOverview],
  staff: [
    staff.listStaff,
    staff.getStaff,
    staff.createStaff,
    staff.updateStaff,
    staff.deleteStaff,
    internalHolds.holdClubForStaff,
    internalHolds.releaseClubForStaff,
  ],
  vouchers: [
    vouchers.listVouchers,
    vouchers.getVoucher,
    vouchers.createVoucher,
    vouchers.updateVoucher,
    vouchers.deleteVoucher,
    voucherRedemptions.validateVoucher,
    voucherRedemptions.redeemVoucher,
    voucherBatches.createVoucherBatch,
    voucherBatches.getVoucherBatch,
    voucherBatches.listVoucherBatchCodes,
    listMyVouchers,
    internalHolds.holdClubForVouchers,
    internalHolds.releaseClubForVouchers,
    internalHolds.holdTierForVouchers,
    internalHolds.releaseTierForVouchers,
    internalHolds.holdCardForVouchers,
    internalHolds.releaseCardForVouchers,
  ],
} as const satisfies Readonly<Record<string, readonly Endpoint[]>>;

/** All of them in one list. */
export const endpoints: readonly Endpoint[] = Object.values(endpointsOf).flat();
