import { request as overHttp, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as overHttps } from 'node:https';

/** How a held request ends. */
export type Ending =
  /** The rest of the body is sent, and the answer read. */
  | 'finish'
  /** The client breaks the connection (RST). */
  | 'abort'
  /** The client has waited long enough and closes in order (FIN). */
  | 'timeout';

export interface Held {
  /** Took a slot: the gateway asked for the body. */
  isAdmitted: boolean;
  /** Of the answer, when it was refused. */
  status: number | null;
  code: string | null;
  /** From sending the head until it was let in or refused. */
  ms: number;
  end(how: Ending): Promise<number | null>;
}

const settleWithinMs = 10_000;
const answerWithinMs = 40_000;

/** A purchase on a card that there is not: it goes the whole way, and is refused where nothing is written. */
const body = JSON.stringify({
  card_id: '00000000-0000-7000-8000-000000000000',
  member_identifier: 'nobody@example.com',
  purchase_amount: 1,
});

const bodyOf = async (answer: IncomingMessage): Promise<{ code?: string }> => {
  let text = '';
  for await (const chunk of answer) text += String(chunk);
  try {
    return JSON.parse(text) as { code?: string };
  } catch {
    return {};
  }
};

const statusOf = (request: ClientRequest): Promise<number | null> =>
  new Promise((resolve) => {
    const timer = setTimeout(() => resolve(null), answerWithinMs);
    const settle = (status: number | null) => {
      clearTimeout(timer);
      resolve(status);
    };
    request.once('response', (answer) => {
      answer.resume();
      answer.once('close', () => settle(answer.statusCode ?? null));
    });
    request.once('error', () => settle(null));
  });

function ended(request: ClientRequest, how: Ending): Promise<number | null> {
  if (request.destroyed) return Promise.resolve(null);
  const status = how === 'finish' ? statusOf(request) : Promise.resolve(null);
  if (how === 'finish') request.end(body);
  else if (how === 'abort') request.socket?.resetAndDestroy();
  else request.destroy();
  return status;
}

/**
 * Sends the head of a purchase and holds back its body. `Expect: 100-continue` makes that exact: the gateway asks for the body
 * when, and only when, it has let the request in; from then until its end the request has a slot, and no service is busy with it.
 */
export function holdOpen(url: string, key: string): Promise<Held> {
  const since = performance.now();
  const send = url.startsWith('https:') ? overHttps : overHttp;
  const request = send(`${url}/api/agent/v1/partner/transactions/purchase`, {
    method: 'POST',
    agent: false,
    headers: {
      'x-agent-key': key,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      expect: '100-continue',
    },
  });
  request.flushHeaders();
  return new Promise((resolve) => {
    const settle = (held: Pick<Held, 'isAdmitted' | 'status' | 'code'>) => {
      clearTimeout(timer);
      const ms = performance.now() - since;
      resolve({ ...held, ms, end: (how) => ended(request, how) });
    };
    const timer = setTimeout(() => {
      request.destroy();
      settle({ isAdmitted: false, status: null, code: 'no answer' });
    }, settleWithinMs);
    request.on('error', (error) => settle({ isAdmitted: false, status: null, code: error.message }));
    request.once('continue', () => settle({ isAdmitted: true, status: null, code: null }));
    request.once('response', (answer) => {
      // Once it was let in, its end listens.
      if (answer.statusCode === undefined) return;
      void bodyOf(answer).then(({ code }) =>
        settle({ isAdmitted: false, status: answer.statusCode ?? null, code: code ?? null }),
      );
    });
  });
}
