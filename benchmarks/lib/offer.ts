import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { quantile } from './numbers.ts';

export interface Offer {
  perSecond: number;
  seconds: number;
  /** As many before them, at the same rate, are told of apart: connections are made in them, and what callers share is asked for anew. */
  leadInSeconds?: number;
  /** The n-th call; what it throws ends the measurement. */
  send(n: number): Promise<void>;
}

export interface Offered {
  perSecond: number;
  p50: number;
  p99: number;
  /** Of the lead-in. */
  leadInP99: number;
  /** Of what was offered, how much was answered by the end. */
  served: number;
}

/**
 * Calls at a steady rate, whether or not earlier ones have been answered. Each is timed from when it was due, so that a service that
 * stands still is not let off (no coordinated omission).
 */
export async function offer({ perSecond, seconds, leadInSeconds = 0, send }: Offer): Promise<Offered> {
  const taken: number[] = [];
  const takenAtFirst: number[] = [];
  const open = new Set<Promise<void>>();
  let failed: unknown;
  const began = performance.now();
  const first = Math.round(perSecond * leadInSeconds);
  const calls = first + Math.round(perSecond * seconds);
  for (let n = 0; n < calls && failed === undefined;) {
    const due = began + (n * 1_000) / perSecond;
    if (due > performance.now()) {
      await sleep(1);
      continue;
    }
    const times = n < first ? takenAtFirst : taken;
    const call = send(n)
      .then(() => void times.push(performance.now() - due))
      .catch((error: unknown) => void (failed ??= error))
      .finally(() => open.delete(call));
    open.add(call);
    n++;
  }
  const served = (taken.length + takenAtFirst.length) / calls;
  await Promise.all(open);
  if (failed !== undefined) throw failed as Error;
  const [p50, p99, leadInP99] = [quantile(taken, 0.5), quantile(taken, 0.99), quantile(takenAtFirst, 0.99)];
  return { perSecond: (calls - first) / seconds, p50, p99, leadInP99, served };
}

/** Posts JSON over kept connections, and cheaper than fetch does. */
export function createPoster(maxSockets = 64) {
  const agent = new Agent({ keepAlive: true, maxSockets });
  const post = (
    url: string,
    headers: Record<string, string>,
    body: string,
  ): Promise<{ status: number; text: string }> =>
    new Promise((resolve, reject) => {
      const length = { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) };
      const sent = request(url, { method: 'POST', agent, headers: { ...headers, ...length } }, (answer) => {
        let text = '';
        answer.on('data', (chunk: Buffer) => (text += chunk.toString()));
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
        answer.on('error', reject);
      });
      sent.on('error', reject).end(body);
    });
  return { post, close: () => agent.destroy() };
}
