import { only, renamed, type Details, type ErrorRow } from './error-row.ts';
import { stampErrors } from './stamp-errors.ts';
import { voucherErrors } from './voucher-errors.ts';

const plural = (count: number, one: string, many: string): string => (count === 1 ? `1 ${one}` : `${count} ${many}`);

const fieldCount = ({ errors: fields }: Details): number =>
  typeof fields === 'object' && fields !== null ? Object.keys(fields).length : 1;

const unauthorized = { code: 'UNAUTHORIZED', details: only('reason') };

/** Every refusal of both APIs (contract 1.3): message, status, what the caller should do, and the Partner API's words for it. */
export const errors = {
  MALFORMED_JSON: {
    message: 'The body is not a JSON object. Send UTF-8 JSON such as {"name": "…"}.',
    status: 400,
    retryStrategy: 'fix_request',
  },
  AUTH_MISSING_KEY: {
    message: 'No credentials were sent. Send your key in the X-Agent-Key header, or X-API-Key with X-API-Secret.',
    status: 401,
    retryStrategy: 'no_retry',
    agent: { details: only() },
    partner: unauthorized,
  },
  AUTH_INVALID_KEY: {
    message: 'The credentials are not known. Check that the key was copied whole and belongs to this deployment.',
    status: 401,
    retryStrategy: 'no_retry',
    agent: { details: only() },
    partner: unauthorized,
  },
  AUTH_KEY_EXPIRED: {
    message: 'The key is past its end. Use a newer key.',
    status: 401,
    retryStrategy: 'no_retry',
    agent: { details: only('expired_at') },
    partner: unauthorized,
  },
  AUTH_KEY_INACTIVE: {
    message: 'The key was revoked. Use another key.',
    status: 401,
    retryStrategy: 'no_retry',
    agent: { details: only() },
    partner: unauthorized,
  },
  AUTH_OWNER_INACTIVE: {
    message: 'The account behind this key is deactivated. Contact support.',
    status: 403,
    retryStrategy: 'contact_support',
  },
  AUTH_WRONG_ROLE: {
    message: 'This key has another role than this path needs.',
    status: 403,
    retryStrategy: 'no_retry',
  },
  AUTH_INSUFFICIENT_SCOPE: {
    message: 'The key may not do this. Any one of the required scopes or permissions is enough.',
    status: 403,
    retryStrategy: 'no_retry',
    partner: { code: 'FORBIDDEN' },
  },
  PARTNER_MISMATCH: {
    message: 'X-Partner-ID is not the partner of these credentials. Leave it out or send your own id.',
    status: 403,
    retryStrategy: 'no_retry',
  },
  FEATURE_DISABLED: {
    message: ({ feature }) =>
      feature === 'agent_api'
        ? 'Agent API access is not enabled for this partner.'
        : `The feature ${String(feature)} is not enabled for this partner.`,
    status: 403,
    retryStrategy: 'contact_support',
  },
  LIMIT_REACHED: {
    message: ({ limit_name: name, limit }) =>
      `The limit ${String(name)} of this account (${String(limit)}) is reached. Delete what is not needed, or ask for more.`,
    status: 403,
    retryStrategy: 'contact_support',
  },
  PARTNER_TIER_REQUIRED: {
    message: "The partner's plan does not include this.",
    status: 403,
    retryStrategy: 'contact_support',
  },
  NOT_FOUND: {
    message: ({ resource }) =>
      resource === undefined
        ? 'There is nothing at this path. Check the path and its version.'
        : `There is no such ${String(resource).replaceAll('_', ' ')} in this account.`,
    status: 404,
    retryStrategy: 'no_retry',
  },
  CLUB_NOT_FOUND: {
    message: 'There is no such club (shop) in this account.',
    status: 404,
    retryStrategy: 'no_retry',
    partner: { code: 'SHOP_NOT_FOUND', details: renamed({ club_id: 'shop_id' }) },
  },
  MEMBER_NOT_FOUND: {
    message: 'No member fits this identifier. Members register themselves; check the spelling.',
    status: 404,
    retryStrategy: 'no_retry',
    partner: { code: 'CUSTOMER_NOT_FOUND', details: renamed({ member_identifier: 'customer_id' }) },
  },
  METHOD_NOT_ALLOWED: {
    message: 'This path does not take this method. The allowed ones are in the Allow header.',
    status: 405,
    retryStrategy: 'fix_request',
  },
  CONFLICT: {
    message: ({ reason }) =>
      `The present state does not allow this${reason === undefined ? '' : ` (${String(reason).replaceAll('_', ' ')})`}.`,
    status: 409,
    retryStrategy: 'no_retry',
  },
  ALREADY_EXISTS: {
    message: ({ field }) => `The value of ${String(field)} is taken already; it must be unique.`,
    status: 409,
    retryStrategy: 'fix_request',
  },
  MEMBER_AMBIGUOUS: {
    message: 'The identifier fits more than one member. Use the member id, the e-mail or the unique identifier.',
    status: 409,
    retryStrategy: 'fix_request',
    partner: { code: 'CUSTOMER_AMBIGUOUS' },
  },
  IDEMPOTENCY_IN_FLIGHT: {
    message: 'The first request with this Idempotency-Key is still running. Send the same again in a second.',
    status: 409,
    retryStrategy: 'backoff',
  },
  REFERENCE_CONFLICT: {
    message: 'This reference was used before with other content. A reference names one operation for good.',
    status: 409,
    retryStrategy: 'fix_request',
  },
  PAYLOAD_TOO_LARGE: {
    message: ({ maximum_bytes: maximum }) => `The body is larger than ${String(maximum)} bytes.`,
    status: 413,
    retryStrategy: 'fix_request',
  },
  UNSUPPORTED_MEDIA_TYPE: {
    message: 'The body must be sent as application/json in UTF-8.',
    status: 415,
    retryStrategy: 'fix_request',
  },
  VALIDATION_FAILED: {
    message: (details) =>
      `${plural(fieldCount(details), 'field is', 'fields are')} not valid. See errors for each of them.`,
    status: 422,
    retryStrategy: 'fix_request',
  },
  IDEMPOTENCY_KEY_REUSED: {
    message: 'This Idempotency-Key was used before for another request. Use a new key for a new operation.',
    status: 422,
    retryStrategy: 'fix_request',
  },
  INVALID_POINTS: {
    message: 'The points must be a positive whole number, and parts must sum to the whole.',
    status: 422,
    retryStrategy: 'fix_request',
  },
  INSUFFICIENT_POINTS: {
    message: 'The member has too few points for this.',
    status: 422,
    retryStrategy: 'no_retry',
    partner: { details: renamed({ balance: 'current_balance', required: 'requested_points' }) },
  },
  CARD_INACTIVE: {
    message: 'The card or its club is switched off, or the card is not yet issued.',
    status: 422,
    retryStrategy: 'no_retry',
    partner: { details: renamed({ club_id: 'shop_id' }) },
  },
  CARD_EXPIRED: {
    message: 'The card is past its expiration date and earns nothing any more.',
    status: 422,
    retryStrategy: 'no_retry',
  },
  CARD_BLOCKED: {
    message: 'The member is blocked on this card.',
    status: 403,
    retryStrategy: 'contact_support',
  },
  REWARD_NOT_AVAILABLE: {
    message: ({ reason }) => `The reward cannot be redeemed now (${String(reason).replaceAll('_', ' ')}).`,
    status: 422,
    retryStrategy: 'no_retry',
  },
  TRANSACTION_LIMIT_EXCEEDED: {
    message: 'A cap for transactions would be passed.',
    status: 422,
    retryStrategy: 'no_retry',
  },
  ...stampErrors,
  ...voucherErrors,
  RATE_LIMITED: {
    message: ({ policy, retry_after: seconds }) =>
      `Too many calls (${String(policy)}). Wait ${String(seconds)} seconds, then go on more slowly.`,
    status: 429,
    retryStrategy: 'backoff',
  },
  CONCURRENT_LIMIT_EXCEEDED: {
    message: ({ limit }) => `More than ${String(limit)} requests at once. Wait for earlier ones to end.`,
    status: 429,
    retryStrategy: 'backoff',
  },
  INTERNAL_ERROR: {
    message: 'Something went wrong on our side. Send the same again later, with the same Idempotency-Key.',
    status: 500,
    retryStrategy: 'backoff',
    agent: { details: only() },
    partner: { details: only() },
  },
  SERVICE_UNAVAILABLE: {
    message: 'A part of the system is not available. Send the same again later, with the same Idempotency-Key.',
    status: 503,
    retryStrategy: 'backoff',
  },
  UPSTREAM_TIMEOUT: {
    message: 'No answer came within 30 seconds. Send the same again with the same Idempotency-Key.',
    status: 504,
    retryStrategy: 'backoff',
  },
} as const satisfies Readonly<Record<string, ErrorRow>>;

export type ErrorCode = keyof typeof errors;

/** A row of the table in its general form, for rendering. */
export const errorRow = (code: ErrorCode): ErrorRow => errors[code];
