import { camelKeys } from '@punchcard/service-kit';
import {
  partnerOf,
  pickTextOrNull,
  textsOf,
  translationsOf,
  type Answer,
  type Call,
  type Decimal,
  type getVoucher,
  type Texts,
  type VoucherType,
} from '@punchcard/contracts';
import { remainingUses, shownValue, type TermFields, type Terms } from '../vouchers/rules.ts';
import type { Voucher } from '../vouchers/store.ts';

type Asking = Pick<Call, 'caller' | 'language'>;
type MaybeTexts = string | Texts | null | undefined;

interface SentTerms {
  title?: MaybeTexts;
  description?: MaybeTexts;
  value?: Decimal | null | undefined;
  min_purchase_amount?: number | null | undefined;
  max_discount_amount?: number | null | undefined;
  type?: VoucherType | undefined;
}

/** The fields of a body as the rules know them; a text is in the partner's locale. */
export function termsFrom<B extends SentTerms>(body: B, locale: string) {
  const { title, description, min_purchase_amount, max_discount_amount, ...rest } = body;
  return camelKeys({
    ...rest,
    title: textsOf(title, locale),
    description: textsOf(description, locale),
    min_purchase_minor: min_purchase_amount,
    max_discount_minor: max_discount_amount,
  }) satisfies TermFields;
}

/** The terms as the APIs show them, texts in the language that the caller likes best. */
export const termsData =
  ({ caller, language }: Asking) =>
  ({ title, description, ...terms }: Terms) => {
    const reader = { language, locale: partnerOf(caller).locale };
    return {
      club_id: terms.clubId,
      name: terms.name,
      title: pickTextOrNull(title, reader) ?? terms.name,
      description: pickTextOrNull(description, reader),
      type: terms.type,
      value: shownValue(terms),
      currency: terms.currency,
      min_purchase_amount: terms.minPurchaseMinor,
      max_discount_amount: terms.maxDiscountMinor,
      free_product: terms.freeProduct,
      reward_card_id: terms.rewardCardId,
      valid_from: terms.validFrom?.toISOString() ?? null,
      valid_until: terms.validUntil?.toISOString() ?? null,
      max_uses_total: terms.maxUsesTotal,
      max_uses_per_member: terms.maxUsesPerMember,
      target_tiers: [...terms.targetTiers],
      new_members_days: terms.newMembersDays,
      first_order_only: terms.firstOrderOnly,
      is_active: terms.isActive,
      is_visible_by_default: terms.isVisibleByDefault,
      ...translationsOf({ title, description }),
    };
  };

export const voucherData =
  (call: Asking) =>
  (voucher: Voucher): Answer<typeof getVoucher> => ({
    id: voucher.voucherId,
    code: voucher.code,
    ...termsData(call)(voucher),
    times_used: voucher.timesUsed,
    remaining_uses: remainingUses(voucher),
    batch_id: voucher.batchId,
    created_at: voucher.createdAt.toISOString(),
    updated_at: voucher.updatedAt.toISOString(),
  });
