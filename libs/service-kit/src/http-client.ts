import type { Answer, Endpoint, Request } from '@punchcard/contracts';
import { Pool } from 'undici';
import { pathOf, queryOf, writeJson } from './request-target.ts';

type Headers = Readonly<Record<string, string>>;

export interface HttpAnswer<E extends Endpoint> {
  status: number;
  /** Names in lower case. */
  headers: Record<string, string>;
  /** As the dialect has it; `data` is there when the call went well, a refusal is read as it is. */
  body: { data: Answer<E> } & Record<string, unknown>;
}

export interface HttpClient {
  call<E extends Endpoint>(endpoint: E, request?: Request<E> & { headers?: Headers }): Promise<HttpAnswer<E>>;
  close(): Promise<void>;
}

/** A client of the public APIs such as an integrator would write, for tests and sample data. Judges no status. */
export function createHttpClient({
  baseUrl,
  headers: always = {},
}: {
  baseUrl: string;
  headers?: Headers;
}): HttpClient {
  const { origin, pathname } = new URL(baseUrl);
  const pool = new Pool(origin);
  return {
    call: async (endpoint, request = {}) => {
      const { params, query, body: sent, headers: own = {} } = request;
      const { statusCode, headers, body } = await pool.request({
        method: endpoint.method,
        path: pathname.replace(/\/$/, '') + pathOf(endpoint, params) + queryOf(query),
        headers: { ...(sent === undefined ? {} : { 'content-type': 'application/json' }), ...always, ...own },
        body: sent === undefined ? null : writeJson(sent),
      });
      return {
        status: statusCode,
        headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
        body: (await body.json()) as HttpAnswer<typeof endpoint>['body'],
      };
    },
    close: () => pool.close(),
  };
}
