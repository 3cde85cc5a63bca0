import type { Endpoint, Pagination, Reply } from '@punchcard/contracts';
import { MARK_HEADER, REPLAYED_HEADER } from './marks.ts';

export interface WrittenAnswer {
  status: number;
  headers: Record<string, string>;
  body: Record<string, unknown>;
}

/** What a handler gave, plain data or a reply. */
export const readReply = (result: unknown): Omit<Reply<unknown>, 'kind'> =>
  isReply(result) ? result : { data: result };

const isReply = (result: unknown): result is Reply<unknown> =>
  typeof result === 'object' && result !== null && 'kind' in result && result.kind === 'reply' && 'data' in result;

/**
 * What a handler gave, in the envelope of its dialect (contract 1.2).
 * @throws Error when it is not what the endpoint promises: a bug of ours, which the caller sees as INTERNAL_ERROR
 */
export function writeAnswer(endpoint: Endpoint, result: unknown, requestId: string): WrittenAnswer {
  const { data, status = endpoint.success, replayed, pagination, mark, headers } = readReply(result);
  if (status !== endpoint.success && !endpoint.also?.includes(status)) {
    throw new Error(`${endpoint.id} does not declare status ${status}`);
  }
  if (endpoint.paged && !pagination) throw new Error(`${endpoint.id} answers pages, and was given no pagination`);
  // A replay is the record of an answer that was checked when it was first given; its secrets are gone.
  const shown = replayed ? data : checked(endpoint, data);
  return {
    status,
    headers: {
      ...headers,
      ...(mark === undefined ? {} : { [MARK_HEADER]: `${endpoint.owner}:${mark}` }),
      ...(replayed ? { [REPLAYED_HEADER]: 'true' } : {}),
    },
    body: envelope(endpoint, shown, { pagination, requestId }),
  };
}

/** What is not in the schema does not leave the house. */
function checked(endpoint: Endpoint, data: unknown): unknown {
  const result = endpoint.answer.safeParse(data);
  if (result.success) return result.data;
  const where = result.error.issues.map(({ path, message }) => `${path.join('.') || '_'}: ${message}`);
  throw new Error(`${endpoint.id} answers against its schema: ${where.join('; ')}`);
}

function envelope(
  { dialect }: Endpoint,
  data: unknown,
  { pagination, requestId }: { pagination: Pagination | undefined; requestId: string },
): Record<string, unknown> {
  if (dialect === 'partner') {
    return { success: true, data, ...(pagination && { meta: page(pagination) }), request_id: requestId };
  }
  return { error: false, data, ...(pagination && { pagination: page(pagination) }) };
}

const page = ({ page, perPage, total }: Pagination) => ({
  current_page: page,
  per_page: perPage,
  total,
  last_page: Math.max(1, Math.ceil(total / perPage)),
});
