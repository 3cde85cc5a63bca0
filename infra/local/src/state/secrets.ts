import { randomBytes } from 'node:crypto';
import { readJson, writePrivateJson } from './json-file.ts';

/** What a stack must know and nobody else may. Services have no defaults for these. */
export type Secrets = {
  postgresPassword: string;
  /** `kid:secret`, the form of CALLER_SECRETS. */
  callerSecrets: string;
  keyPepper: string;
  identifierPepper: string;
};

const secret = () => randomBytes(32).toString('base64url');

const makers: { [name in keyof Secrets]: () => string } = {
  postgresPassword: secret,
  callerSecrets: () => `k1:${secret()}`,
  keyPepper: secret,
  identifierPepper: secret,
};

/** The secrets of a stack: made once, kept for ever. One that a newer version needs is added to those that are there. */
export const loadSecrets = (file: string): Secrets => {
  const known = readJson<Partial<Secrets>>(file) ?? {};
  const names = Object.keys(makers) as (keyof Secrets)[];
  const missing = names.filter((name) => !known[name]);
  const secrets = { ...known, ...Object.fromEntries(missing.map((name) => [name, makers[name]()])) } as Secrets;
  if (missing.length > 0) writePrivateJson(file, secrets);
  return secrets;
};
