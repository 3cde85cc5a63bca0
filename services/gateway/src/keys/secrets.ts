import { timingSafeEqual } from 'node:crypto';
import type { KeyRecord } from '@punchcard/contracts';
import { keyHash } from '@punchcard/service-kit';

/** Whether this is a secret of the pair that is good now. Takes the same time however much of it is right. */
export function hasSecret(
  record: KeyRecord,
  secret: string,
  { pepper, nowMs }: { pepper: string; nowMs: number },
): boolean {
  const given = Buffer.from(keyHash(pepper, secret));
  let isRight = false;
  for (const { hash, expires_at: end } of record.secrets) {
    const known = Buffer.from(hash);
    const fits = known.length === given.length && timingSafeEqual(known, given);
    if (fits && (end === null || Date.parse(end) > nowMs)) isRight = true;
  }
  return isRight;
}
