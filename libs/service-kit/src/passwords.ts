import { hash } from '@node-rs/argon2';

/**
 * Argon2id with the parameters that OWASP's password storage cheat sheet names first (19 MiB, 2 passes). Some 30 ms off the
 * event loop: never inside a transaction. An entry of its own, so that only services with passwords load the native module.
 */
export const passwordHash = (password: string): Promise<string> =>
  hash(password, { memoryCost: 19_456, timeCost: 2, parallelism: 1 });
