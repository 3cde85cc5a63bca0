/** A sliding window: at most `quota` calls in any `windowMs`. */
export interface Window {
  /** Its name in headers and refusals: `hour`, `minute`, `ip`. */
  policy: string;
  /** Whose calls it counts. The keys of one subject carry the same hash tag: `{p:0195…}:hour`, `{p:0195…}:minute:0195…`. */
  key: string;
  quota: number;
  windowMs: number;
  /** False: shown in the headers and never counted (a partner without an hourly limit). Default true. */
  isCounted?: boolean;
}

/** Requests at once, shared by all that use the key. */
export interface Slots {
  key: string;
  limit: number;
}

/** What one call is counted against. All of it, or nothing. */
export interface Subject {
  windows: readonly Window[];
  slots: Slots | null;
}

export interface WindowState {
  policy: string;
  limit: number;
  windowMs: number;
  remaining: number;
  /** Unix time in milliseconds, by Redis' clock, at which the oldest counted call leaves; now when there is none. */
  resetAt: number;
  isCounted: boolean;
}

/** How a subject stands, for the headers. */
export interface LimitState {
  /** Unix time in milliseconds, by Redis' clock. */
  now: number;
  windows: WindowState[];
  slots: { limit: number; remaining: number } | null;
}

export interface Admitted {
  admitted: true;
  state: LimitState;
  /** Gives the slot back; to be called when the answer has ended or the client has left. Further calls do nothing. */
  release(): void;
}

export interface Refused {
  admitted: false;
  code: 'RATE_LIMITED' | 'CONCURRENT_LIMIT_EXCEEDED';
  /** Of the window that refused; `concurrent` for the slots. */
  policy: string;
  limit: number;
  retryAfterSeconds: number;
  state: LimitState;
}

export type Admission = Admitted | Refused;
