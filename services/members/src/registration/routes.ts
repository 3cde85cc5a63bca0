import {
  AppError,
  ensureMemberKey,
  isOpen,
  newId,
  notFound,
  reply,
  type Answer,
  type Call,
  type Handlers,
  type IdempotencyKey,
  type join,
} from '@punchcard/contracts';
import { findKept, type Sql } from '@punchcard/database';
import type { Writer } from '@punchcard/messaging';
import { systemCaller, type InternalClient } from '@punchcard/service-kit';
import { announceMember } from '../members/events.ts';
import { memberData } from '../members/routes.ts';
import { addJoinKey, findJoinKeyGivenAt, markJoinKeyGiven } from '../members/store.ts';
import type { RequireCard } from '../replicas/require-card.ts';
import type { FindPartner } from '../replicas/find-partner.ts';
import type { PartnerCopy } from '../replicas/store.ts';
import { mintJoinKey, type JoinKey } from './join-key.ts';
import { mustBeWelcome, registerMember, type Asked } from './register-member.ts';
import { localeOf, maySeeKeyAgain, mustBePast } from './rules.ts';

interface Deps {
  sql: Sql;
  writer: Writer;
  findPartner: FindPartner;
  requireCard: RequireCard;
  internal: InternalClient;
  keyPepper: string;
  identifierPepper: string;
}

type Registered = Answer<typeof join>;

export const registrationHandlers = (deps: Deps): Handlers<typeof join> => ({
  'agent.join': async (call) => {
    mustBePast(call.body.birthday, call.now);
    const partner = await getPartner(deps, call.params.partner_slug);
    const { partnerId } = partner;
    if (!isOpen(partner.gates, 'agent_api')) {
      throw new AppError('FEATURE_DISABLED', { details: { feature: 'agent_api' } });
    }
    const joinKey = mintJoinKey(deps.keyPepper, call.now);
    const idempotency = call.idempotency && { ...call.idempotency, partnerId };
    const asked = newMember(call, partner, joinKey.keyId);
    const limit = partner.gates.members_limit;
    const isFirst = await isFirstUse(deps, { idempotency, asked, limit });
    // The key comes first: with partners away nobody is registered who could not get in. Its text is told once the member is there.
    if (isFirst) await ensureKey(deps, { partner, memberId: asked.memberId, joinKey, replaces: [] });
    const written = await deps.writer.write<Registered>(idempotency, async (tx) => {
      const member = await registerMember(tx, { member: asked, limit });
      const data = { member: memberData(member), key: joinKey.shown, page_url: `/join/${partner.slug}` };
      const events = [announceMember(deps.identifierPepper, member)];
      return { data, status: 201, partnerId, events, secrets: ['key'] };
    });
    if (!written.replayed) return reply(written.data, written);
    const fresh = isFirst ? mintJoinKey(deps.keyPepper, call.now) : joinKey;
    return repeated(deps, { written, partner, joinKey: fresh, now: call.now });
  },
});

interface Ask {
  idempotency: IdempotencyKey | null;
  asked: Asked;
  limit: number;
}

/**
 * Whether a request registers somebody, as far as can be told before: false for a repeat. Throws what would refuse it, so that
 * no key is made for nothing; a refusal that only the first use of the key explains is none.
 */
async function isFirstUse(deps: Deps, { idempotency, asked, limit }: Ask): Promise<boolean> {
  const isRepeat = async () => idempotency !== null && (await findKept(deps.sql, idempotency)) !== undefined;
  if (await isRepeat()) return false;
  try {
    if (asked.beginCardId !== null) await deps.requireCard(asked.partnerId, asked.beginCardId);
    await mustBeWelcome(deps.sql, { member: asked, limit });
    return true;
  } catch (refusal) {
    if (await isRepeat()) return false;
    throw refusal;
  }
}

interface Repeat {
  written: { data: Registered; status?: number | undefined; replayed: boolean };
  partner: PartnerCopy;
  joinKey: JoinKey;
  now: Date;
}

/** A repeat soon after, or before any key was made, gets a key that works; the keys of earlier answers end. */
async function repeated(deps: Deps, { written, partner, joinKey, now }: Repeat) {
  const { partnerId } = partner;
  const { id: memberId, created_at: registeredAt } = written.data.member;
  const givenAt = await findJoinKeyGivenAt(deps.sql, partnerId, memberId);
  if (givenAt !== null && !maySeeKeyAgain(new Date(registeredAt), now)) return reply(written.data, written);
  const replaces = await addJoinKey(deps.sql, { partnerId, memberId, keyId: joinKey.keyId });
  await ensureKey(deps, { partner, memberId, joinKey, replaces });
  await markJoinKeyGiven(deps.sql, { partnerId, memberId, now });
  const { secret_shown_once: _shown, ...data } = written.data;
  return reply({ ...data, key: joinKey.shown }, written);
}

interface Gift {
  partner: PartnerCopy;
  memberId: string;
  joinKey: JoinKey;
  replaces: string[];
}

/** Repeatable by the key's id. Throws NOT_FOUND for a partner that was suspended or deleted since our copy of it. */
async function ensureKey({ internal }: Deps, { partner, memberId, joinKey, replaces }: Gift): Promise<void> {
  const { partnerId, slug } = partner;
  const body = { ...joinKey.record, key_id: joinKey.keyId, partner_id: partnerId, member_id: memberId, replaces };
  try {
    await internal.call(ensureMemberKey, { body, caller: systemCaller({ partnerId }) });
  } catch (refusal) {
    const isGone = refusal instanceof AppError && refusal.details['resource'] === 'partner';
    throw isGone ? notFound('partner', slug) : refusal;
  }
}

async function getPartner({ findPartner }: Deps, slug: string): Promise<PartnerCopy> {
  const partner = await findPartner(slug);
  if (partner?.status !== 'active') throw notFound('partner', slug);
  return partner;
}

function newMember({ body, now, language }: Call<typeof join>, partner: PartnerCopy, joinKeyId: string): Asked {
  const { name = null, email = null, phone = null, birthday = null, card_id: beginCardId = null } = body;
  const at = now.toISOString();
  const { email: byEmail = false, sms = false, push = false } = body.communication_preferences ?? {};
  const preferences = { email: byEmail, sms, push };
  return {
    ...{ partnerId: partner.partnerId, memberId: newId(), name, email, phone, birthday, beginCardId },
    joinKeyIds: [joinKeyId],
    joinKeyGivenAt: now,
    memberNumber: null,
    avatar: null,
    locale: body.locale ?? localeOf(language, partner.locale),
    timeZone: body.time_zone ?? partner.timeZone,
    isAnonymous: name === null && email === null,
    acceptedTermsAt: now,
    communicationPreferences: Object.fromEntries(
      Object.entries(preferences).map(([channel, allowed]) => [channel, { allowed, at, source: 'join' }]),
    ),
    lastLoginAt: null,
    createdAt: now,
    updatedAt: now,
  };
}
