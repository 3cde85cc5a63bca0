import type { DomainService } from '@punchcard/contracts';
import { Pool } from 'undici';
import { createWaitingRoom, type WaitingRoom } from './waiting-room.ts';

export interface Upstreams {
  poolOf(service: DomainService): Pool;
  /** Requests under way; one that waits longer than the time-out is told so. */
  waiting: WaitingRoom;
  close(): Promise<void>;
}

export interface UpstreamOptions {
  services: Readonly<Record<DomainService, string>>;
  /** Until the head of an answer. Default 30 s (contract 1.3). */
  timeoutMs?: number;
}

const TIMEOUT_MS = 30_000;
const CONNECT_MS = 2_000;
const CONNECTIONS = 256;
const SWEEPS_PER_TIMEOUT = 60;

/**
 * Kept connections to each service. One sweep watches the time-outs of all requests: a timer each would cost more than forwarding
 * the head.
 */
export function createUpstreams({ services, timeoutMs = TIMEOUT_MS }: UpstreamOptions): Upstreams {
  const settings = {
    connections: CONNECTIONS,
    connect: { timeout: CONNECT_MS },
    headersTimeout: 0,
    bodyTimeout: timeoutMs,
  };
  const pools = new Map(
    Object.entries(services).map(([service, url]) => [service, new Pool(new URL(url).origin, settings)] as const),
  );
  const waiting = createWaitingRoom();
  const sweep = setInterval(() => waiting.expire(performance.now() - timeoutMs), timeoutMs / SWEEPS_PER_TIMEOUT);
  sweep.unref();

  return {
    poolOf: (service) => pools.get(service)!,
    waiting,
    close: async () => {
      clearInterval(sweep);
      await Promise.all([...pools.values()].map((pool) => pool.destroy()));
    },
  };
}
