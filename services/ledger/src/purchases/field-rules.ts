import { AppError, atScale, exponentOf, minorOf, type Decimal, Miss } from '@punchcard/contracts';
import type { StoredItem } from '../booking/journal-rules.ts';
import type { Item, PurchaseOrder } from '../booking/rules.ts';
import { NOT_STAFF, type Fitness } from '../staff/rules.ts';

type Problems = Record<string, string[]>;

/** A purchase whose fields fit its card. */
export interface Checked {
  amountMinor: number;
  items: StoredItem[];
}

/**
 * What a schema cannot check, since it depends on the card's currency or on other fields. Names every bad field at once, and
 * the staff beside them; staff alone are asked for later, when it is no repeat.
 */
export function checkFields(order: PurchaseOrder, currency: string, staffIs: Fitness): Checked {
  const problems: Problems = {};
  const amountMinor = 'minor' in order.amount ? order.amount.minor : minorOf(order.amount.major, currency);
  if (amountMinor === null) problems['purchase_amount'] = [tooManyDecimals(currency)];
  if (order.currency !== null && order.currency !== currency) {
    problems['currency'] = [`must be the currency of the card, ${currency}`];
  }
  const items = checkItems(order, currency, problems);
  if (Object.keys(problems).length > 0) {
    if (staffIs !== 'fit') problems['staff_id'] = [NOT_STAFF];
    const refusal = new AppError('VALIDATION_FAILED', { details: { errors: problems } });
    throw staffIs === 'unknown' ? new Miss(refusal, ['staff']) : refusal;
  }
  return { amountMinor: amountMinor!, items };
}

function checkItems({ items, amount }: PurchaseOrder, currency: string, problems: Problems): StoredItem[] {
  const places = exponentOf(currency);
  const seen = new Set<string>();
  for (const [n, { id, amount: itemAmount }] of items.entries()) {
    if (seen.has(id)) problems[`items[${n}].id`] = ['must be unique in the list'];
    seen.add(id);
    if (itemAmount.scale > places) problems[`items[${n}].amount`] = [tooManyDecimals(currency)];
  }
  if (items.length > 0 && 'major' in amount && !isSum(items, amount.major)) {
    problems['items'] = ['their amounts must sum to purchase_amount'];
  }
  return items.map(({ id, name, quantity, amount: itemAmount, sku, category }) => ({
    ...{ id, name, quantity: textOf(quantity), amount_minor: minorOf(itemAmount, currency) ?? 0 },
    ...(sku === undefined ? {} : { sku }),
    ...(category === undefined ? {} : { category }),
  }));
}

function isSum(items: readonly Item[], total: Decimal): boolean {
  const scale = Math.max(total.scale, ...items.map(({ amount }) => amount.scale));
  const sum = items.reduce((rest, { amount }) => rest - atScale(amount, scale)!, atScale(total, scale)!);
  return sum === 0n;
}

/** What is said of an amount that is finer than its currency. */
export function tooManyDecimals(currency: string): string {
  const places = exponentOf(currency);
  return places === 0
    ? `must be a whole number, as ${currency} has no decimals`
    : `must have at most ${places} decimals (${currency})`;
}

/** A decimal as a person writes it. */
export function textOf({ digits, scale }: Decimal): string {
  if (scale === 0) return String(digits);
  const text = String(digits).padStart(scale + 1, '0');
  return `${text.slice(0, -scale)}.${text.slice(-scale)}`;
}
