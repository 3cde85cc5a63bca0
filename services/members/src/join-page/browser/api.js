import { counted, fill, page } from './texts.js';

/**
 * @typedef {object} Answered
 * @property {number} status 0: there was no answer
 * @property {any} data
 * @property {{ current_page: number, last_page: number }} [pagination]
 * @property {string} code
 * @property {Record<string, any>} details
 * @property {string} message
 * @property {number} wait seconds
 */

const TIMEOUT_MS = 30_000;

/**
 * Asks the API, which stands beside the page. Never throws.
 * @param {string} path below `/api/`
 * @param {{ key?: string, body?: unknown, idempotencyKey?: string }} [sending]
 * @returns {Promise<Answered>}
 */
export async function ask(path, { key, body, idempotencyKey } = {}) {
  try {
    const response = await fetch(new URL(`../api/${path}`, location.href), {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        accept: 'application/json',
        'accept-language': navigator.languages.join() || page.language,
        ...(key === undefined ? {} : { 'x-agent-key': key }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      cache: 'no-store',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const { data, pagination, code = '', details = {}, message = '' } = await response.json();
    const wait = Number(response.headers.get('retry-after') ?? 1);
    return { status: response.status, data, pagination, code, details, message, wait };
  } catch {
    return { status: 0, data: null, code: '', details: {}, message: '', wait: 1 };
  }
}

/** @param {Answered} answered */
export const isGood = ({ status }) => status >= 200 && status < 300;

/**
 * Switched off, or not there at all: no reason to tell of it.
 * @param {Answered} answered
 */
export const isOff = ({ status, code }) => status === 404 || code === 'FEATURE_DISABLED';

/**
 * Why something was not done, for a person.
 * @param {Answered} answered
 * @returns {string}
 */
export function problemText({ status, code, message, wait }) {
  const { problems } = page.texts;
  /** @type {Record<string, string>} */
  const byCode = {
    ALREADY_EXISTS: problems.taken,
    LIMIT_REACHED: problems.full,
    FEATURE_DISABLED: problems.closed,
    NOT_FOUND: problems.gone,
    AUTH_OWNER_INACTIVE: problems.gone,
    AUTH_INVALID_KEY: problems.keyUnknown,
    AUTH_MISSING_KEY: problems.keyUnknown,
    MEMBER_NOT_FOUND: problems.keyUnknown,
    AUTH_KEY_EXPIRED: problems.keyEnded,
    AUTH_KEY_INACTIVE: problems.keyEnded,
    AUTH_WRONG_ROLE: problems.keyOther,
  };
  if (status === 0) return problems.offline;
  if (status === 429) return counted(problems.busy, wait);
  return byCode[code] ?? (status >= 500 ? problems.broken : fill(problems.refused, { message }));
}
