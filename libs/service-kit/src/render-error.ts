import { AppError, errorRow, type Details, type Dialect, type ErrorCode } from '@punchcard/contracts';

export interface RenderedError {
  status: number;
  /** As our table has it, whatever the dialect calls it. */
  code: ErrorCode;
  headers: Record<string, string>;
  body: Record<string, unknown>;
}

/** Anything thrown as a refusal of the table: what is not expected is INTERNAL_ERROR, with the original as its `cause`. */
export const toAppError = (thrown: unknown): AppError =>
  thrown instanceof AppError ? thrown : new AppError('INTERNAL_ERROR', { cause: thrown });

/** Anything thrown, as an answer of one of the dialects (contract 1.2, 1.3). Nothing of an unexpected error gets out. */
export function renderError(dialect: Dialect, thrown: unknown, requestId: string): RenderedError {
  const error = toAppError(thrown);
  const { status, retryStrategy } = errorRow(error.code);
  const { code, details } = inDialect(dialect, error);
  const body =
    dialect === 'partner'
      ? { success: false, error: { ...details, code, message: error.message }, request_id: requestId }
      : {
          error: true,
          code,
          message: error.message,
          retry_strategy: retryStrategy,
          ...(Object.keys(details).length > 0 ? { details } : {}),
          request_id: requestId,
        };
  return { status, code: error.code, headers: headersOf(error, status), body };
}

/** Between services nothing is hidden or renamed: the caller's side renders it again. */
function inDialect(dialect: Dialect, { code, details }: AppError): { code: string; details: Details } {
  const row = errorRow(code);
  if (dialect === 'partner')
    return { code: row.partner?.code ?? code, details: row.partner?.details?.(details) ?? details };
  return { code, details: dialect === 'agent' ? (row.agent?.details(details) ?? details) : details };
}

function headersOf(error: AppError, status: number): Record<string, string> {
  const headers: Record<string, string> = { 'content-type': 'application/json; charset=utf-8' };
  const { allowed, retry_after: fromDetails } = error.details;
  if (error.code === 'METHOD_NOT_ALLOWED' && Array.isArray(allowed)) headers['allow'] = allowed.join(', ');
  const isForLater = status === 429 || status === 503 || error.code === 'IDEMPOTENCY_IN_FLIGHT';
  const seconds = error.retryAfter ?? (typeof fromDetails === 'number' ? fromDetails : isForLater ? 1 : undefined);
  if (seconds !== undefined) headers['retry-after'] = String(Math.max(1, Math.ceil(seconds)));
  return headers;
}
