import type { Caller, Endpoint } from '@punchcard/contracts';
import { signCaller } from '@punchcard/service-kit';
import { testSecrets } from './callers.ts';

export interface Sending {
  params?: Readonly<Record<string, string>>;
  query?: Readonly<Record<string, string | number>>;
  /** Text is sent as it is. */
  body?: unknown;
  /** `Idempotency-Key`. */
  key?: string;
  language?: string;
  /** `X-Shop-ID`. */
  shop?: string;
}

export interface Answered {
  status: number;
  // Tests assert on what came over the wire, whatever it is.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- see above
  body: any;
  /** The sequence of the mark, if the answer had one. */
  mark: number | null;
  isReplayed: boolean;
}

/** Sends requests to a service as the gateway would: with a signed caller. */
export const senderTo =
  (baseUrl: string) =>
  async (caller: Caller, endpoint: Endpoint, sending: Sending = {}): Promise<Answered> => {
    const { params = {}, query = {}, body, key, language, shop } = sending;
    const path = endpoint.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => params[name] ?? '');
    const url = new URL(path, baseUrl);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value));
    const token = signCaller(caller, { audience: endpoint.owner, method: endpoint.method, path }, testSecrets);
    const response = await fetch(url, {
      method: endpoint.method,
      headers: {
        'punchcard-caller': token,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
        ...(shop === undefined ? {} : { 'x-shop-id': shop }),
        ...(language === undefined ? {} : { 'accept-language': language }),
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const mark = response.headers.get('punchcard-mark');
    return {
      status: response.status,
      body: await response.json(),
      mark: mark === null ? null : Number(mark.split(':')[1]),
      isReplayed: response.headers.get('punchcard-replayed') === 'true',
    };
  };

export type Send = ReturnType<typeof senderTo>;
