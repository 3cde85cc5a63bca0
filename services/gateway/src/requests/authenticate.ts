import { AppError } from '@punchcard/contracts';
import { subjectOfFailures } from '../access/subject-rules.ts';
import { haveForm, readCredentials, type Credentials } from '../keys/credentials.ts';
import { checkKey } from '../keys/key-rules.ts';
import type { KnownKey } from '../keys/known-key.ts';
import { hasSecret } from '../keys/secrets.ts';
import { tooMany } from './admit.ts';
import type { Exchange } from './exchange.ts';
import type { Gateway } from './gateway.ts';

/**
 * Who calls. A promise only when `partners` must be asked.
 * @throws AppError AUTH_…; RATE_LIMITED when a key was never seen and its address failed too often to be worth a look-up
 */
export function authenticate(gateway: Gateway, exchange: Exchange): KnownKey | Promise<KnownKey> {
  const credentials = readCredentials(exchange.dialect, exchange.request.headers, exchange.route?.endpoint.bearer);
  const found = gateway.keys.find(credentials.kind, credentials.key);
  if (found instanceof Promise) return found.then((known) => accept(gateway, exchange, { known, credentials }));
  if (found !== undefined) return accept(gateway, exchange, { known: found, credentials });
  if (!haveForm(credentials)) throw unknownKey();
  return lookUp(gateway, exchange, credentials);
}

async function lookUp(gateway: Gateway, exchange: Exchange, credentials: Credentials): Promise<KnownKey> {
  const failures = await gateway.limiter.peek(subjectOfFailures(exchange.address, gateway.limits));
  if (!failures.admitted) {
    exchange.limits = failures.state;
    throw tooMany(failures, 'ip');
  }
  const known = await gateway.keys.ask(credentials.kind, credentials.key);
  return accept(gateway, exchange, { known, credentials });
}

function accept(
  { keyPepper, noteUse }: Gateway,
  exchange: Exchange,
  { known, credentials: { secret } }: { known: KnownKey | null; credentials: Credentials },
): KnownKey {
  const nowMs = Date.now();
  if (!known) throw unknownKey();
  if (secret !== null && !hasSecret(known.record, secret, { pepper: keyPepper, nowMs })) throw unknownKey();
  checkKey(known, nowMs, exchange.address);
  exchange.known = known;
  exchange.tier = known.tier;
  noteUse(known.record);
  return known;
}

const unknownKey = () => new AppError('AUTH_INVALID_KEY', { details: { reason: 'key_invalid' } });
