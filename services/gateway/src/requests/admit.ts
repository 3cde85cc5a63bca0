import { AppError } from '@punchcard/contracts';
import type { Admission, Refused } from '../limits/admission.ts';
import type { Exchange } from './exchange.ts';

/** A refusal by the limits. `policy`: as the contract calls what is counted by address, whatever the window. */
export function tooMany(
  { code, policy, limit, retryAfterSeconds: seconds }: Refused,
  byAddress?: 'ip' | 'login',
): AppError {
  const details =
    code === 'RATE_LIMITED' ? { policy: byAddress ?? policy, retry_after: seconds } : { limit, retry_after: seconds };
  return new AppError(code, { details, retryAfter: seconds });
}

/** Takes note of how the limits stand and of the slot, which the end of the exchange gives back. */
export function noteAdmission(exchange: Exchange, admission: Admission): admission is Exclude<Admission, Refused> {
  exchange.limits = admission.state;
  if (!admission.admitted) return false;
  // The client may have left while Redis was asked.
  if (exchange.isClosed) admission.release();
  else exchange.release = admission.release;
  return true;
}
