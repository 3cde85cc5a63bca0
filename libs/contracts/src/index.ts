export {
  type KeyRole,
  partnerPermissions,
  type Permission,
  presetOf,
  presetsByRole,
  type Scope,
  scopesByRole,
} from './access.ts';
export { AppError, invalid, notFound, type AppErrorOptions, type Details } from './app-error.ts';
export {
  type Caller,
  callerPartner,
  type CallerPartner,
  callerSchema,
  type IdempotencyKey,
  type Marks,
  memberIdOf,
  partnerIdOf,
  partnerOf,
  PLATFORM_ID,
} from './caller.ts';
export { newId } from './id.ts';
export { Miss } from './miss.ts';
export { invalidationChannel } from './channels.ts';
export { atScale, compareDecimals, Decimal, parseDecimal, parseJson, toDecimal } from './decimal.ts';
export {
  type Answer,
  type Call,
  defineEndpoint,
  type Dialect,
  type DomainService,
  type Endpoint,
  type Handlers,
  type Pagination,
  type PublicLimit,
  reply,
  type Reply,
  type Request,
  type ServiceName,
  streamed,
  type Streamed,
} from './endpoint.ts';
export { endpoints, endpointsOf } from './endpoints.ts';
export type { RetryStrategy } from './error-row.ts';
export { type ErrorCode, errorRow, errors } from './errors.ts';
export {
  defineEvent,
  envelope,
  type Envelope,
  type EventData,
  type EventDraft,
  type EventType,
  type Topic,
  type TopicKind,
  topics,
} from './event.ts';
export { events } from './events.ts';
export { cardChanged, clubChanged, rewardChanged, stampCardChanged, tierChanged } from './events/catalog.ts';
export {
  type AwardEvent,
  awardEvents,
  type EntryEvent,
  entryEvents,
  memberTierChanged,
  pointsEarned,
  pointsExpired,
  pointsRedeemed,
} from './events/ledger.ts';
export { stampCardCompleted, stampRewardRedeemed, stampsAdded } from './events/ledger-stamps.ts';
export { type IdentifierKind, identifierKinds, memberChanged } from './events/members.ts';
export { keyChanged, partnerChanged } from './events/partners.ts';
export { staffChanged } from './events/staff.ts';
export { voucherBatchCreated, voucherChanged, voucherRedeemed } from './events/vouchers.ts';
export { foldCase } from './fold-case.ts';
export { type Feature, isOpen, type LimitName, partnerGates, type PartnerGates, requireRoom } from './features.ts';
export { cardUsage, closeCard } from './internal/cards.ts';
export {
  holdCardForVouchers,
  holdClubForStaff,
  holdClubForVouchers,
  holdTierForVouchers,
  releaseCardForVouchers,
  releaseClubForStaff,
  releaseClubForVouchers,
  releaseTierForVouchers,
} from './internal/holds.ts';
export {
  bootstrapAdminKey,
  createApiKeyPair,
  ensureMemberKey,
  findKey,
  type KeyRecord,
  recordKeyUse,
} from './internal/keys.ts';
export { importMembers, memberCards, recordMemberUse } from './internal/members.ts';
export { estimateStamps } from './internal/estimates.ts';
export { awardPoints, listRefusedAwards, retryRefusedAward } from './internal/points.ts';
export { closeStampCard } from './internal/stamp-cards.ts';
export { memberStanding } from './internal/standing.ts';
export { exportEntries, importTransactions } from './internal/transactions.ts';
export { platformOverview } from './agent/admin-analytics.ts';
export { getAnyMember, listAllMembers } from './agent/admin-members.ts';
export {
  createPartner,
  deletePartner,
  getPartner,
  getPermissions,
  listNetworks,
  listPartners,
  updatePartner,
  updatePermissions,
} from './agent/admin-partners.ts';
export { createCard, deleteCard, getCard, listCards, updateCard } from './agent/cards.ts';
export { createClub, deleteClub, getClub, listClubs, updateClub } from './agent/clubs.ts';
export { docs, docsJson } from './agent/docs.ts';
export { health } from './agent/health.ts';
export { join, joinPage } from './agent/join.ts';
export {
  createAdminKey,
  createAgentKey,
  createMemberKey,
  listAdminKeys,
  listAgentKeys,
  revokeAgentKey,
  rotateAgentKey,
  updateAgentKey,
} from './agent/keys.ts';
export { getMyBalance, listMyBalances } from './agent/member-balances.ts';
export { getMyCard, listMyCards } from './agent/member-cards.ts';
export { createMyKey, listMyKeys, revokeMyKey } from './agent/member-keys.ts';
export { getProfile, updateProfile } from './agent/member-profile.ts';
export { claimReward, getMyReward, listMyRewards } from './agent/member-rewards.ts';
export { getMyTier } from './agent/member-tier.ts';
export { listMyTransactions } from './agent/member-transactions.ts';
export { listMyVouchers } from './agent/member-vouchers.ts';
export { getMember, listMembers, memberBalance } from './agent/members.ts';
export { createReward, deleteReward, getReward, listRewards, updateReward } from './agent/rewards.ts';
export { createStaff, deleteStaff, getStaff, listStaff, updateStaff } from './agent/staff.ts';
export {
  createStampCard,
  deleteStampCard,
  getStampCard,
  listStampCards,
  updateStampCard,
} from './agent/stamp-cards.ts';
export { addStamps, listMyStampCards, memberStampCards, redeemStamps } from './agent/stamps.ts';
export { createTier, deleteTier, getTier, listTiers, updateTier } from './agent/tiers.ts';
export { listTools, mcp, type ToolFormat } from './agent/tools.ts';
export { estimate } from './agent/estimates.ts';
export { getTransaction, listTransactions, purchase, redeem } from './agent/transactions.ts';
export { createVoucherBatch, getVoucherBatch, listVoucherBatchCodes } from './agent/voucher-batches.ts';
export { redeemVoucher, validateVoucher } from './agent/voucher-redemptions.ts';
export {
  createVoucher,
  deleteVoucher,
  getVoucher,
  listVouchers,
  updateVoucher,
  type VoucherType,
  voucherTypes,
} from './agent/vouchers.ts';
export { exponentOf, isCurrency, majorOf, minorOf } from './money.ts';
export { openApiOf } from './openapi/document.ts';
export { type JsonSchema } from './openapi/json-schema.ts';
export { overview } from './partner/analytics.ts';
export {
  failuresPerMinute,
  isPlanAtLeast,
  keyRateLimit,
  otherLimits,
  type Plan,
  planLimits,
  type PlanLimits,
  plans,
} from './plans.ts';
export { currency, id, text } from './primitives.ts';
export { pickText, pickTextOrNull, textsOf, translationsOf, type Reader, type Texts } from './texts.ts';
export { createRouter, type Match } from './router.ts';
export { sample } from './sample.ts';
export { toolNameOf } from './tools/names.ts';
export { type Tool, toolsOf } from './tools/tool.ts';
