import { byId } from './dom.js';

/** @typedef {{ other: string } & Partial<Record<Intl.LDMLPluralRule, string>>} Forms */

/** What the server says of this page; its texts have the form of `texts/en.ts`. */
export const page = JSON.parse(byId('data').textContent ?? '');

const locale = navigator.languages.find((one) => one.split('-')[0] === page.language) ?? page.language;
const plurals = new Intl.PluralRules(locale);
const numbers = new Intl.NumberFormat(locale);
const signedNumbers = new Intl.NumberFormat(locale, { signDisplay: 'exceptZero' });
const dates = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' });

/**
 * A text with its `{names}` filled in.
 * @param {string} text
 * @param {Record<string, string>} values
 */
export const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

/**
 * The form that a count takes, with `{count}` filled in.
 * @param {Forms} forms
 * @param {number} count
 */
export const counted = (forms, count) =>
  fill(forms[plurals.select(count)] ?? forms.other, { count: numbers.format(count) });

/** @param {number} points */
export const pointsText = (points) => `${numbers.format(points)} ${counted(page.texts.wallet.points, points)}`;

/** @param {number} points */
export const signedText = (points) => signedNumbers.format(points);

/** @param {number} count */
export const countText = (count) => numbers.format(count);

/** @param {string} instant */
export const dateText = (instant) => dates.format(new Date(instant));

/**
 * @param {number} amount in major units
 * @param {string} currency
 */
export const moneyText = (amount, currency) =>
  new Intl.NumberFormat(locale, { style: 'currency', currency }).format(amount);

/**
 * @param {number} amount in minor units
 * @param {string} currency
 */
export function minorText(amount, currency) {
  const { maximumFractionDigits = 2 } = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
  }).resolvedOptions();
  return moneyText(amount / 10 ** maximumFractionDigits, currency);
}
