import type { LimitState, WindowState } from './admission.ts';

/**
 * The headers of the contract's 1.4. `X-RateLimit-*` speak of the longest window; the two standard ones list every policy
 * that is enforced. `tier` is `enterprise`, `professional`, `standard`, `member`, `admin` or `public`.
 */
export function headersOf(state: LimitState, tier: string): Record<string, string> {
  const headers: Record<string, string> = {};
  const main = longest(state.windows);
  if (main) {
    headers['X-RateLimit-Limit'] = String(main.limit);
    headers['X-RateLimit-Remaining'] = String(main.remaining);
    headers['X-RateLimit-Reset'] = String(Math.ceil(Math.max(main.resetAt, state.now) / 1_000));
  }
  headers['X-RateLimit-Tier'] = tier;
  let policies = '';
  let standing = '';
  for (const window of state.windows) {
    if (!window.isCounted) continue;
    const { policy, limit, windowMs, remaining, resetAt } = window;
    policies += `${policies && ', '}"${policy}";q=${limit};w=${windowMs / 1_000}`;
    standing += `${standing && ', '}"${policy}";r=${remaining};t=${Math.max(0, Math.ceil((resetAt - state.now) / 1_000))}`;
  }
  if (state.slots) {
    policies += `${policies && ', '}"concurrent";q=${state.slots.limit};qu="concurrent-requests"`;
    standing += `${standing && ', '}"concurrent";r=${state.slots.remaining}`;
  }
  if (policies) {
    headers['RateLimit-Policy'] = policies;
    headers['RateLimit'] = standing;
  }
  return headers;
}

function longest(windows: readonly WindowState[]): WindowState | undefined {
  let found = windows[0];
  for (const window of windows) if (window.windowMs > found!.windowMs) found = window;
  return found;
}
