import type { RunningProcess } from '../lib/run-process.ts';

/** A reverse proxy that does the gateway's job: knows keys, counts calls against a limit, hands the rest on. */
export interface Peer {
  name: string;
  /** What of the job it does. */
  job: string;
  /** Starts it on the measured core, before the upstream; a string says why it cannot be. */
  start(house: PeerHouse): Promise<(RunningProcess & { url: string }) | string>;
}

export interface PeerHouse {
  /** Where it hands calls on to. */
  upstream: { host: string; port: number };
  /** All that may call, as `X-Agent-Key`. */
  keys: readonly string[];
}
