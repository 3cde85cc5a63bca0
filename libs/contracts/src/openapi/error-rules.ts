import type { Endpoint } from '../endpoint.ts';
import { errors, errorRow, type ErrorCode } from '../errors.ts';

type Dialect = 'agent' | 'partner';
type When = (endpoint: Endpoint, fields: ReadonlySet<string>) => boolean;

const always: When = () => true;
const never: When = () => false;
const writes: When = ({ method }) => method !== 'GET';
const sendsBody: When = ({ body }) => body !== undefined;
const needsKey: When = ({ role }) => role !== 'public';
const takes =
  (...names: string[]): When =>
  (_endpoint, fields) =>
    names.some((name) => fields.has(name));
const at =
  (part: RegExp): When =>
  ({ method, path }) =>
    method !== 'GET' && part.test(path);

const namesMember = takes('member_identifier', 'member_id', 'customer_id');
/** Things that refuse in words of their own. */
const ofVouchersOrStamps = /\/(vouchers|stamp-cards)(\/|$)/;
const exceptThem =
  (rule: When): When =>
  (endpoint, fields) =>
    !ofVouchersOrStamps.test(endpoint.path) && rule(endpoint, fields);
/** An estimate answers what it would be refused for as a result, not as an error. */
const movesPoints = exceptThem(at(/purchase|redeem|claim|award|adjust|holds|points|stamps|batch|bulk/));
const spendsPoints = exceptThem(at(/redeem|claim|holds|adjust|redemptions|batch/));
const givesStamps = at(/stamp-cards\/\{id\}\/stamps/);
const redeemsVoucher = at(/vouchers\/\{id\}\/redeem/);

/** When an endpoint can answer with a code. Not here: writes whose path holds the code's first word. */
const when: Partial<Record<ErrorCode, When>> = {
  MALFORMED_JSON: sendsBody,
  AUTH_MISSING_KEY: needsKey,
  AUTH_INVALID_KEY: needsKey,
  AUTH_KEY_EXPIRED: needsKey,
  AUTH_KEY_INACTIVE: needsKey,
  AUTH_OWNER_INACTIVE: needsKey,
  AUTH_WRONG_ROLE: ({ dialect, role }) => dialect === 'agent' && role !== 'any' && role !== 'public',
  AUTH_INSUFFICIENT_SCOPE: ({ scopes = [], permission }) => scopes.length > 0 || permission !== undefined,
  PARTNER_MISMATCH: ({ dialect, role }) => dialect === 'partner' && role !== 'public',
  FEATURE_DISABLED: ({ dialect, feature }) => dialect === 'agent' || feature !== undefined,
  LIMIT_REACHED: ({ method, success }) => method === 'POST' && success === 201,
  PARTNER_TIER_REQUIRED: ({ plan }) => plan !== undefined,
  NOT_FOUND: (endpoint) =>
    endpoint.path.includes('{') || (sendsBody(endpoint, new Set()) && endpoint.owner !== 'gateway'),
  CLUB_NOT_FOUND: (endpoint, fields) =>
    endpoint.missing?.code === 'CLUB_NOT_FOUND' || takes('club_id', 'shop_id', 'shops')(endpoint, fields),
  MEMBER_NOT_FOUND: (endpoint, fields) =>
    endpoint.missing?.code === 'MEMBER_NOT_FOUND' || namesMember(endpoint, fields),
  MEMBER_AMBIGUOUS: takes('member_identifier'),
  METHOD_NOT_ALLOWED: never,
  // What is still being made cannot be shown either.
  CONFLICT: (endpoint, fields) =>
    (writes(endpoint, fields) && endpoint.owner !== 'gateway') || /batches\/\{id\}\/codes$/.test(endpoint.path),
  ALREADY_EXISTS: (endpoint) => sendsBody(endpoint, new Set()) && endpoint.owner !== 'gateway',
  IDEMPOTENCY_IN_FLIGHT: ({ idempotent }) => idempotent,
  IDEMPOTENCY_KEY_REUSED: ({ idempotent }) => idempotent,
  REFERENCE_CONFLICT: (endpoint, fields) =>
    writes(endpoint, fields) && takes('reference', 'order_reference')(endpoint, fields),
  PAYLOAD_TOO_LARGE: sendsBody,
  UNSUPPORTED_MEDIA_TYPE: sendsBody,
  VALIDATION_FAILED: always,
  INVALID_POINTS: at(/points|holds|bulk/),
  INSUFFICIENT_POINTS: spendsPoints,
  REWARD_NOT_AVAILABLE: exceptThem(at(/redeem|claim|redemptions/)),
  CARD_INACTIVE: (endpoint, fields) => movesPoints(endpoint, fields) || givesStamps(endpoint, fields),
  CARD_EXPIRED: movesPoints,
  CARD_BLOCKED: movesPoints,
  TRANSACTION_LIMIT_EXCEEDED: (endpoint, fields) => movesPoints(endpoint, fields) || givesStamps(endpoint, fields),
  STAMP_CARD_INACTIVE: givesStamps,
  STAMP_LIMIT_REACHED: givesStamps,
  STAMP_MINIMUM_NOT_MET: givesStamps,
  STAMP_CARD_INCOMPLETE: at(/stamp-cards\/\{id\}\/redeem/),
  VOUCHER_NOT_FOUND: at(/vouchers\/validate/),
  VOUCHER_INVALID: redeemsVoucher,
  VOUCHER_NOT_STARTED: redeemsVoucher,
  VOUCHER_EXPIRED: redeemsVoucher,
  VOUCHER_EXHAUSTED: redeemsVoucher,
  VOUCHER_MEMBER_LIMIT: redeemsVoucher,
  VOUCHER_MINIMUM_NOT_MET: redeemsVoucher,
  RATE_LIMITED: always,
  CONCURRENT_LIMIT_EXCEEDED: always,
  INTERNAL_ERROR: always,
  SERVICE_UNAVAILABLE: ({ role, owner }) => role !== 'public' || owner !== 'gateway',
  UPSTREAM_TIMEOUT: ({ owner }) => owner !== 'gateway',
};

const byWord = (code: string): When => at(new RegExp(code.split('_')[0]!.toLowerCase()));

/** The codes that an endpoint can answer with, by status, as its dialect spells them. `fields`: names of all that it takes. */
export function errorCodesOf(endpoint: Endpoint, fields: ReadonlySet<string>): Map<number, ErrorCode[]> {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of Object.keys(errors) as ErrorCode[]) {
    if (!(when[code] ?? byWord(code))(endpoint, fields)) continue;
    const { status } = errorRow(code);
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return byStatus;
}

export const wordOf = (dialect: Dialect, code: ErrorCode): string =>
  dialect === 'partner' ? (errorRow(code).partner?.code ?? code) : code;

/** Details that the example of a refusal shows, under their internal names. */
const details: Partial<Record<ErrorCode, Record<string, unknown>>> = {
  AUTH_MISSING_KEY: { reason: 'missing_credentials' },
  AUTH_INVALID_KEY: { reason: 'key_invalid' },
  AUTH_KEY_EXPIRED: { reason: 'key_expired', expired_at: '2026-03-08T09:15:00.000Z' },
  AUTH_KEY_INACTIVE: { reason: 'key_revoked' },
  AUTH_OWNER_INACTIVE: { account: 'partner' },
  FEATURE_DISABLED: { feature: 'agent_api' },
  LIMIT_REACHED: { limit_name: 'clubs_limit', limit: 3, current: 3 },
  NOT_FOUND: { resource: 'card', id: '0195743e-6c00-7c1a-8f53-2f1b7f0a1c21' },
  CONFLICT: { reason: 'in_use', blocking: { cards: 1 } },
  ALREADY_EXISTS: { field: 'name', existing_id: null },
  PAYLOAD_TOO_LARGE: { maximum_bytes: 1_048_576 },
  VALIDATION_FAILED: { errors: { name: ['is required'] } },
  INSUFFICIENT_POINTS: { required: 200, balance: 45 },
  REWARD_NOT_AVAILABLE: { reason: 'out_of_stock' },
  STAMP_CARD_INACTIVE: { stamp_card_id: '0195743e-6c00-7c1a-8f53-2f1b7f0a1ca1' },
  STAMP_LIMIT_REACHED: {
    ...{ limit_name: 'max_stamps_per_day', limit: 10, current: 9, resets_at: '2026-03-08T22:00:00.000Z' },
  },
  STAMP_MINIMUM_NOT_MET: { min_purchase_amount: 2.5 },
  STAMP_CARD_INCOMPLETE: { current_stamps: 4, stamps_required: 10 },
  RATE_LIMITED: { policy: 'hour', retry_after: 12 },
  CONCURRENT_LIMIT_EXCEEDED: { limit: 25, retry_after: 1 },
};

/** A refusal as it goes over the wire. */
export function refusalExample(dialect: Dialect, code: ErrorCode): Record<string, unknown> {
  const row = errorRow(code);
  const known = details[code] ?? {};
  const message = typeof row.message === 'string' ? row.message : row.message(known);
  const shown = row[dialect]?.details?.(known) ?? known;
  const requestId = '0195743e-6c00-7c1a-8f53-2f1b7f0a1c12';
  if (dialect === 'partner') {
    return { success: false, error: { code: wordOf(dialect, code), message, ...shown }, request_id: requestId };
  }
  return {
    error: true,
    code,
    message,
    retry_strategy: row.retryStrategy,
    ...(Object.keys(shown).length > 0 ? { details: shown } : {}),
    request_id: requestId,
  };
}
