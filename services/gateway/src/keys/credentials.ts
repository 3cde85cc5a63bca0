import type { IncomingHttpHeaders } from 'node:http';
import { AppError, type KeyRecord } from '@punchcard/contracts';
import { keyKindOf, keyRoleOf } from '@punchcard/service-kit';

/** What a caller shows to be let in. `secret` belongs to a key pair of the Partner API. */
export interface Credentials {
  kind: KeyRecord['kind'];
  key: string;
  secret: string | null;
}

const missing = () => new AppError('AUTH_MISSING_KEY', { details: { reason: 'missing_credentials' } });
const invalid = (reason: string) => new AppError('AUTH_INVALID_KEY', { details: { reason } });

/**
 * Reads the credentials of a call (contract 1.6; partner contract 1.2). `mayBeBearer`: an agent key may also come as a bearer token.
 * @throws AppError AUTH_MISSING_KEY, AUTH_INVALID_KEY with `reason`
 */
export function readCredentials(
  dialect: 'agent' | 'partner',
  headers: IncomingHttpHeaders,
  mayBeBearer = false,
): Credentials {
  return dialect === 'agent' ? agentKeyOf(headers, mayBeBearer) : keyPairOf(headers);
}

function agentKeyOf(headers: IncomingHttpHeaders, mayBeBearer: boolean): Credentials {
  const bearer = mayBeBearer ? /^bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1] : undefined;
  const key = headers['x-agent-key'] || bearer;
  if (!key) throw missing();
  if (bearer !== undefined && bearer !== key) throw invalid('ambiguous_credentials');
  return { kind: 'agent_key', key: String(key), secret: null };
}

function keyPairOf(headers: IncomingHttpHeaders): Credentials {
  const { 'x-api-key': key, 'x-api-secret': secret, authorization } = headers;
  const hasToken = authorization !== undefined && /^bearer\b/i.test(authorization);
  if (hasToken && (key || secret)) throw invalid('ambiguous_credentials');
  // There are no logins yet, so there is no token that could be good.
  if (hasToken) throw invalid('token_invalid');
  if (!key || !secret) throw missing();
  return { kind: 'api_key', key: String(key), secret: String(secret) };
}

/** Whether these could have been given out by us; what could not is not worth a look-up. */
export const haveForm = ({ kind, key, secret }: Credentials): boolean =>
  kind === 'agent_key'
    ? keyRoleOf(key) !== null
    : keyKindOf(key) === 'api_key' && secret !== null && keyKindOf(secret) === 'api_secret';
