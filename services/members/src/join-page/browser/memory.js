import { page } from './texts.js';

const name = `punchcard.join.${page.slug}`;

/** @typedef {{ key: string, cardId: string | null }} Remembered */

/**
 * For browsers that keep nothing: until the page is left.
 * @type {string | null}
 */
let meanwhile = null;

/** @returns {Remembered | null} */
export function recall() {
  let text = meanwhile;
  try {
    text = localStorage.getItem(name) ?? meanwhile;
  } catch {
    // Private windows of some browsers refuse.
  }
  try {
    const { key, cardId } = JSON.parse(text ?? 'null') ?? {};
    return isKey(key) ? { key, cardId: cardId ?? null } : null;
  } catch {
    return null;
  }
}

/** @param {Remembered} remembered */
export function remember(remembered) {
  meanwhile = JSON.stringify(remembered);
  try {
    localStorage.setItem(name, meanwhile);
  } catch {
    // It lasts as long as the page then.
  }
}

export function forget() {
  meanwhile = null;
  try {
    localStorage.removeItem(name);
  } catch {
    // It was not kept either.
  }
}

/** @param {unknown} text */
export const isKey = (text) => typeof text === 'string' && /^rl_member_[0-9A-Za-z]{40}$/.test(text);
