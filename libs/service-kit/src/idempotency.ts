import { hash } from 'node:crypto';
import { PLATFORM_ID, type Caller, type Endpoint, type IdempotencyKey } from '@punchcard/contracts';
import { note, type Problems } from './issues.ts';

const FORM = /^[\x20-\x7e]{1,255}$/;

/** What a repeat is recognised by, as it came in: the parsed JSON, not what a schema made of it, so that a new default in a later release changes no hash. */
export interface Sent {
  method: string;
  path: string;
  query: Readonly<Record<string, string>>;
  body: unknown;
}

/**
 * SHA-256 of method, path, query and parsed body; the order of object keys and white space do not matter (contract 1.5), nor do
 * the values of `secretFields`.
 */
export function requestHashOf(
  { method, path, query, body }: Sent,
  { secretFields = [] }: Pick<Endpoint, 'secretFields'> = {},
): string {
  const shown = secretFields.reduce((value, field) => withoutField(value, field.split('.')), body);
  return hash('sha256', canonical([method, path, query, shown]));
}

/** The same with a constant for the value at this path, if there is one. */
function withoutField(value: unknown, [name, ...rest]: readonly string[]): unknown {
  if (name === undefined) return 'secret';
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return value;
  return { ...value, [name]: withoutField((value as Record<string, unknown>)[name], rest) };
}

/** JSON with the keys of every object in order. */
export function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if ('toJSON' in value && typeof value.toJSON === 'function') return JSON.stringify(value);
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`).join()}}`;
}

/** The key of a write, in the scope of whoever sends it, or null. A badly formed one is noted at its header's name. */
export function idempotencyOf(
  { idempotent }: Endpoint,
  { header, caller, requestHash }: { header: string | undefined; caller: Caller; requestHash: string },
  problems: Problems,
): IdempotencyKey | null {
  if (!idempotent || header === undefined) return null;
  if (!FORM.test(header)) {
    note(problems, 'Idempotency-Key', 'must have 1 to 255 printable ASCII characters');
    return null;
  }
  return { ...ownerOf(caller), key: header, requestHash };
}

/** Partner keys of both APIs share a scope. A join's partner is known to its handler only, which fills it in. */
function ownerOf({ role, partner_id: partnerId, member_id: memberId, ip }: Caller): {
  partnerId: string;
  scope: string;
} {
  switch (role) {
    case 'partner':
      return { partnerId: partnerId ?? PLATFORM_ID, scope: 'partner' };
    case 'member':
      return { partnerId: partnerId ?? PLATFORM_ID, scope: `member:${memberId}` };
    case 'public':
      return { partnerId: PLATFORM_ID, scope: `join:${ip}` };
    case 'admin':
    case 'system':
      return { partnerId: PLATFORM_ID, scope: 'platform' };
  }
}
