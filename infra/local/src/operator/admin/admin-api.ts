import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer, Endpoint, Request } from '@punchcard/contracts';
import { createHttpClient } from '@punchcard/service-kit';
import type { HttpAnswer } from '@punchcard/service-kit';
import { connectionFor } from './connection.ts';
import type { AdminOptions, Connection } from './connection.ts';
import { explainRefusal } from './explain-refusal.ts';

/** The public API with an admin key: the same rules hold for an operator as for everybody. */
export type AdminApi = {
  /** The `data` of the answer. @throws Error that tells whoever typed the command what to do */
  call<E extends Endpoint>(endpoint: E, request?: Request<E>): Promise<Answer<E>>;
};

const maxTries = 5;
const longestWaitS = 60;

/** Answers that say "later" are asked for again, with the same key, so that nothing is done twice. */
const askPatiently = async <E extends Endpoint>(ask: () => Promise<HttpAnswer<E>>): Promise<HttpAnswer<E>> => {
  for (let tries = 1; ; tries++) {
    const answer = await ask();
    const waitS = Number(answer.headers['retry-after'] ?? 1);
    const isLater = answer.body['retry_strategy'] === 'backoff' && answer.status !== 500;
    if (!isLater || tries === maxTries || waitS > longestWaitS) return answer;
    await sleep(waitS * 1_000);
  }
};

const noAnswer = ({ baseUrl }: Connection, endpoint: Endpoint, cause: unknown): Error => {
  const { message, code = message } = cause as Error & { code?: string };
  const unsure = endpoint.method === 'GET' ? '' : '\n  It may have been done all the same: look before you repeat it.';
  return new Error(
    `${baseUrl} gave no answer (${code || 'connection lost'}).\n  Is Punchcard there? Name its address with --url or PUNCHCARD_URL.${unsure}`,
  );
};

/** Runs `work` with a client, and closes that. */
export const withAdminApi = async <T>(options: AdminOptions, work: (api: AdminApi) => Promise<T>): Promise<T> => {
  const connection = connectionFor(options);
  const { baseUrl, key } = connection;
  const http = createHttpClient({ baseUrl, headers: { 'x-agent-key': key } });
  const call: AdminApi['call'] = async (endpoint, request) => {
    const headers = endpoint.idempotent ? { 'idempotency-key': randomUUID() } : {};
    const ask = () => http.call(endpoint, { ...request, headers } as never);
    const { status, body } = await askPatiently(ask).catch((cause: unknown) => {
      throw noAnswer(connection, endpoint, cause);
    });
    if (status < 300) return body.data as Answer<typeof endpoint>;
    throw new Error(explainRefusal(body, status));
  };
  try {
    return await work({ call });
  } finally {
    await http.close();
  }
};

/** All of a list, page after page. */
export const allPages = async <T>(page: (query: { page: string; per_page: string }) => Promise<T[]>): Promise<T[]> => {
  const all: T[] = [];
  for (let n = 1; ; n++) {
    const some = await page({ page: String(n), per_page: '100' });
    all.push(...some);
    if (some.length < 100) return all;
  }
};
