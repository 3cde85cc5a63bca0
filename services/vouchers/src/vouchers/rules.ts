import { AppError, atScale, Decimal, type Texts, type VoucherType } from '@punchcard/contracts';
import { requireValid } from '../programme/rules.ts';
import type { Voucher, VoucherKey } from './store.ts';

/** What a voucher gives and to whom: all that the codes of a batch share, too. Amounts in minor units of `currency`. */
export interface Terms {
  clubId: string;
  name: string;
  title: Texts | null;
  description: Texts | null;
  type: VoucherType;
  /** Percent in hundredths, minor units or points, by the type; null for what has none. */
  value: number | null;
  currency: string;
  minPurchaseMinor: number | null;
  maxDiscountMinor: number | null;
  freeProduct: string | null;
  rewardCardId: string | null;
  validFrom: Date | null;
  validUntil: Date | null;
  maxUsesTotal: number | null;
  maxUsesPerMember: number | null;
  targetTiers: readonly string[];
  newMembersDays: number | null;
  firstOrderOnly: boolean;
  isActive: boolean;
  isVisibleByDefault: boolean;
}

/** What a request may say of them, with the value as it was written: what it means depends on the type. */
export type TermFields = Partial<Omit<Terms, 'value' | 'currency'>> & {
  value?: Decimal | null;
  /** Null: the partner's. */
  currency?: string | null;
};
export type NewTermFields = TermFields & Pick<Terms, 'clubId' | 'name' | 'type'>;

export interface TermsContext {
  /** The partner's. */
  currency: string;
  /** Stands before the names of fields in a refusal, as `template.`. */
  path?: string;
}

const MAX_BONUS = 1_000_000;

/** The terms that are asked for. */
export function newTerms(fields: NewTermFields, context: TermsContext): Terms {
  return settled(
    {
      ...{ title: null, description: null, value: null, currency: context.currency, minPurchaseMinor: null },
      ...{ maxDiscountMinor: null, freeProduct: null, rewardCardId: null, validFrom: null, validUntil: null },
      ...{ maxUsesTotal: null, maxUsesPerMember: 1, targetTiers: [], newMembersDays: null, firstOrderOnly: false },
      ...{ isActive: true, isVisibleByDefault: true },
    },
    fields,
    context,
  );
}

/** The voucher with what changes; what belongs to a type that it leaves goes. 409 for another type once it was used. */
export function changedVoucher(
  before: Voucher,
  { code = before.code, ...change }: TermFields & { code?: string },
  { now, ...context }: TermsContext & { now: Date },
): Voucher {
  const { type = before.type } = change;
  if (type !== before.type && before.timesUsed > 0) {
    throw new AppError('CONFLICT', { details: { reason: 'type_fixed' } });
  }
  const carried =
    type === before.type
      ? before
      : {
          ...{ ...before, value: null, rewardCardId: null },
          maxDiscountMinor: type === 'percentage' ? before.maxDiscountMinor : null,
        };
  return { ...before, ...settled(carried, { type, ...change }, context), code, updatedAt: now };
}

export function newVoucher(
  { code, now, ...key }: VoucherKey & { code: string; now: Date },
  terms: Terms,
  batch?: { batchId: string; batchPosition: number },
): Voucher {
  return {
    ...terms,
    ...key,
    ...{ code, timesUsed: 0, batchId: batch?.batchId ?? null, batchPosition: batch?.batchPosition ?? null, version: 1 },
    ...{ createdAt: now, updatedAt: now },
  };
}

type Carried = Partial<Terms> & Omit<Terms, 'clubId' | 'name' | 'type'>;

function settled<F extends TermFields>(
  before: Carried,
  { value: written, currency, ...fields }: F,
  { currency: partnerCurrency, path = '' }: TermsContext,
): Terms {
  const terms = { ...before, ...fields } as Terms;
  if (currency !== undefined) terms.currency = currency ?? partnerCurrency;
  const asked = written === undefined ? undefined : written && valueOf(terms.type, written);
  terms.value = typeof asked === 'number' || asked === null ? asked : before.value;
  const { type, maxDiscountMinor, rewardCardId, validFrom, validUntil } = terms;
  const isBackwards = validFrom !== null && validUntil !== null && validUntil <= validFrom;
  const problems = {
    value: typeof asked === 'string' ? asked : valueProblem(terms),
    max_discount_amount: maxDiscountMinor !== null && type !== 'percentage' && 'is only for percentage',
    reward_card_id: cardProblem(type, rewardCardId),
    valid_until: isBackwards && 'must be after valid_from',
  };
  requireValid(Object.fromEntries(Object.entries(problems).map(([field, problem]) => [path + field, problem])));
  return terms;
}

const isFree = (type: VoucherType): boolean => type === 'free_product' || type === 'free_shipping';

function valueProblem({ type, value }: Terms): string | false {
  if (isFree(type)) return value !== null && `must be absent for ${type}`;
  return value === null && `is required for ${type}`;
}

function cardProblem(type: VoucherType, rewardCardId: string | null): string | false {
  if (type === 'bonus_points') return rewardCardId === null && 'is required for bonus_points';
  return rewardCardId !== null && 'is only for bonus_points';
}

/** A written value as it is kept, or what is wrong with it. */
function valueOf(type: VoucherType, written: Decimal): number | string {
  if (isFree(type)) return `must be absent for ${type}`;
  if (type === 'percentage') {
    const hundredths = atScale(written, 2);
    return hundredths === null || hundredths > 10_000n ? 'must be at most 100, with two decimals' : Number(hundredths);
  }
  const whole = atScale(written, 0);
  if (whole === null) return type === 'fixed_amount' ? 'must be whole minor units' : 'must be whole points';
  return type === 'bonus_points' && whole > MAX_BONUS ? `must be at most ${MAX_BONUS}` : Number(whole);
}

/** A kept value as the APIs write it. */
export const shownValue = ({ type, value }: Pick<Terms, 'type' | 'value'>): number | null =>
  value === null ? null : type === 'percentage' ? value / 100 : value;

/** How often it can still be used; null = without limit. A maximum below what was used means exhausted. */
export const remainingUses = ({
  maxUsesTotal,
  timesUsed,
}: Pick<Voucher, 'maxUsesTotal' | 'timesUsed'>): number | null =>
  maxUsesTotal === null ? null : Math.max(0, maxUsesTotal - timesUsed);

/** Whether a voucher is on, has not ended and is not used up: it may be redeemed now or later as it is. */
export const isOpen = (
  { isActive, validUntil, maxUsesTotal, timesUsed = 0 }: Terms & { timesUsed?: number },
  now: Date,
): boolean =>
  isActive && (validUntil === null || validUntil > now) && (maxUsesTotal === null || timesUsed < maxUsesTotal);

const CODE = /^[A-Za-z0-9_-]{3,64}$/;

/** A code as it is kept; null for what is none. Only ASCII is folded: `ſ` is no `S`. */
export const codeOf = (text: string): string | null => (CODE.test(text) ? text.toUpperCase() : null);
