import { AppError } from '@punchcard/contracts';
import type { Sql } from '@punchcard/database';
import type { Copies } from '@punchcard/messaging';
import { findPartnerBySlug } from './platform-store.ts';
import type { PartnerCopy } from './store.ts';

export type FindPartner = (slug: string) => Promise<PartnerCopy | undefined>;

/**
 * Finds the partner of a slug in our copy; a copy that is behind is waited for before anybody is told that there is none.
 * @throws AppError SERVICE_UNAVAILABLE when the topic cannot be read
 */
export const createFindPartner =
  ({ sql, copies }: { sql: Sql; copies: Copies }): FindPartner =>
  async (slug) => {
    const partner = await findPartnerBySlug(sql, slug);
    if (partner) return partner;
    if (!(await copies.caughtUp(['partners']))) {
      throw new AppError('SERVICE_UNAVAILABLE', { details: { service: 'members' }, retryAfter: 1 });
    }
    return findPartnerBySlug(sql, slug);
  };
