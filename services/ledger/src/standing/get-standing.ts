import { AppError, type Answer, type memberStanding, Miss } from '@punchcard/contracts';
import type { Sql } from '@punchcard/database';
import { findMember } from '../members/find-member.ts';
import { byId } from '../members/identify.ts';
import { laddersOf, tierAt } from '../tiers/rules.ts';
import { readLifetime } from '../wallet/lifetime.ts';
import type { Owner } from '../wallet/views.ts';
import { hasPurchased, listAllTiers } from './views.ts';

/** Where a member stands now. Throws a `Miss` for one who is not known here. */
export async function getStanding(sql: Sql, owner: Owner, now: Date): Promise<Answer<typeof memberStanding>> {
  const { partnerId, memberId } = owner;
  const [member, tiers, lifetimeIn, isBuyer] = await Promise.all([
    findMember(sql, partnerId, byId(memberId)),
    listAllTiers(sql, partnerId),
    readLifetime(sql, owner, now),
    hasPurchased(sql, owner),
  ]);
  if (!member) {
    throw new Miss(new AppError('MEMBER_NOT_FOUND', { details: { member_identifier: memberId } }), ['members']);
  }
  const held = [...laddersOf(tiers)].flatMap(([scopeId, ladder]) => tierAt(ladder, lifetimeIn(scopeId)) ?? []);
  return { tier_ids: held.map(({ tierId }) => tierId), has_purchased: isBuyer };
}
