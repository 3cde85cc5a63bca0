import { randomBytes } from 'node:crypto';
import type { KeyRole } from '@punchcard/contracts';

const prefixes = {
  partner: 'rl_agent_',
  member: 'rl_member_',
  admin: 'rl_admin_',
  /** The two halves of a key pair of the Partner API. */
  api_key: 'rl_partner_',
  api_secret: 'rl_secret_',
} as const;

export type KeyKind = keyof typeof prefixes;

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** The largest multiple of 62 below 256: a byte from there on is thrown away, or the first digits would be likelier. */
const FAIR = 248;
const LENGTH = 40;
const SHOWN = 8;

/** Text of base62 digits from the system's random source, every digit equally likely. */
export function randomBase62(length: number): string {
  let text = '';
  while (text.length < length) {
    for (const byte of randomBytes(length)) if (byte < FAIR && text.length < length) text += DIGITS[byte % 62];
  }
  return text;
}

/** A new key or secret, whole. It is shown once and stored as `keyHash`. */
export const newKey = (kind: KeyKind): string => prefixes[kind] + randomBase62(LENGTH);

const FORM = /^rl_(?:agent|member|admin|partner|secret)_[0-9A-Za-z]{40}$/;

/** What a key is by its form, or null when it has none that we ever gave out. */
export function keyKindOf(key: string): KeyKind | null {
  if (!FORM.test(key)) return null;
  const found = Object.entries(prefixes).find(([, prefix]) => key.startsWith(prefix));
  return (found?.[0] as KeyKind | undefined) ?? null;
}

/** The role of an agent key by its form, or null. */
export function keyRoleOf(key: string): KeyRole | null {
  const kind = keyKindOf(key);
  return kind === 'partner' || kind === 'member' || kind === 'admin' ? kind : null;
}

/** The part of a key that lists show: its prefix and 8 characters more. */
export function shownPrefixOf(key: string): string {
  const prefix = /^rl_[a-z]+_/.exec(key)?.[0] ?? '';
  return key.slice(0, prefix.length + SHOWN);
}
