import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer, Endpoint, Request } from '@punchcard/contracts';
import { createHttpClient } from '@punchcard/service-kit';
import type { HttpClient } from '@punchcard/service-kit';

/** Calls the public API as a partner would. */
export type Api = {
  /** The `data` of the answer; an answer that is not 2xx is an error that shows it. */
  call<E extends Endpoint>(endpoint: E, request: Request<E> & { idempotencyKey?: string }): Promise<Answer<E>>;
  close(): Promise<void>;
};

const maxTries = 20;

/** Whether the answer says "later": a limit, or a service that is still starting. */
const isLater = (status: number): boolean => status === 429 || status === 503;

const callUntilAnswered = async <E extends Endpoint>(
  http: HttpClient,
  endpoint: E,
  request: Request<E> & { headers: Record<string, string> },
) => {
  for (let tried = 1; ; tried++) {
    const answer = await http.call(endpoint, request);
    if (!isLater(answer.status) || tried === maxTries) return answer;
    await sleep(1_000 * Math.min(Number(answer.headers['retry-after']) || 1, 10));
  }
};

/** A client with the headers of one key. */
export const createApi = (baseUrl: string, headers: Record<string, string>): Api => {
  const http = createHttpClient({ baseUrl, headers });
  return {
    call: async (endpoint, { idempotencyKey, ...request }) => {
      const own: Record<string, string> = idempotencyKey ? { 'idempotency-key': idempotencyKey } : {};
      const { status, body } = await callUntilAnswered(http, endpoint, { ...request, headers: own } as never);
      if (status < 300) return body.data as Answer<typeof endpoint>;
      throw new Error(`${endpoint.id} answered ${status}: ${JSON.stringify(body).slice(0, 500)}`);
    },
    close: () => http.close(),
  };
};
