import {
  AppError,
  ensureMemberKey,
  isOpen,
  notFound,
  reply,
  type Answer,
  type Call,
  type Handlers,
  type join,
} from '@punchcard/contracts';
import { newId, type Sql } from '@punchcard/database';
import type { Writer } from '@punchcard/messaging';
import { systemCaller, type InternalClient } from '@punchcard/service-kit';
import { announceMember } from '../members/events.ts';
import { memberData } from '../members/routes.ts';
import { addJoinKey, findJoinKeyGivenAt, markJoinKeyGiven, type Member } from '../members/store.ts';
import type { FindPartner } from '../replicas/find-partner.ts';
import type { PartnerCopy } from '../replicas/store.ts';
import { mintJoinKey, type JoinKey } from './join-key.ts';
import { registerMember } from './register-member.ts';
import { localeOf, maySeeKeyAgain, mustBePast } from './rules.ts';

interface Deps {
  sql: Sql;
  writer: Writer;
  findPartner: FindPartner;
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
    const written = await deps.writer.write<Registered>(idempotency, async (tx) => {
      const asked = newMember(call, partner, joinKey.keyId);
      const member = await registerMember(tx, { member: asked, limit: partner.gates.members_limit });
      const data = { member: memberData(member), key: joinKey.shown, page_url: `/join/${partner.slug}` };
      const events = [announceMember(deps.identifierPepper, member)];
      return { data, status: 201, partnerId, events, secrets: ['key'] };
    });
    if (written.replayed) return repeated(deps, { written, partnerId, joinKey, now: call.now });
    await giveKey(deps, { partnerId, memberId: written.data.member.id, joinKey, replaces: [], now: call.now });
    return reply(written.data, written);
  },
});

interface Repeat {
  written: { data: Registered; status?: number | undefined; replayed: boolean };
  partnerId: string;
  joinKey: JoinKey;
  now: Date;
}

/** A repeat soon after, or before any key was made, gets a key that works; the keys of earlier answers end. */
async function repeated(deps: Deps, { written, partnerId, joinKey, now }: Repeat) {
  const { id: memberId, created_at: registeredAt } = written.data.member;
  const givenAt = await findJoinKeyGivenAt(deps.sql, partnerId, memberId);
  if (givenAt !== null && !maySeeKeyAgain(new Date(registeredAt), now)) return reply(written.data, written);
  const replaces = await addJoinKey(deps.sql, { partnerId, memberId, keyId: joinKey.keyId });
  await giveKey(deps, { partnerId, memberId, joinKey, replaces, now });
  const { secret_shown_once: _shown, ...data } = written.data;
  return reply({ ...data, key: joinKey.shown }, written);
}

interface Gift {
  partnerId: string;
  memberId: string;
  joinKey: JoinKey;
  replaces: string[];
  now: Date;
}

/** Repeatable by the key's id; a repeat of the registration finishes what was cut off here. */
async function giveKey({ internal, sql }: Deps, { partnerId, memberId, joinKey, replaces, now }: Gift): Promise<void> {
  const { keyId, record } = joinKey;
  const body = { ...record, key_id: keyId, partner_id: partnerId, member_id: memberId, replaces };
  await internal.call(ensureMemberKey, { body, caller: systemCaller({ partnerId }) });
  await markJoinKeyGiven(sql, { partnerId, memberId, now });
}

async function getPartner({ findPartner }: Deps, slug: string): Promise<PartnerCopy> {
  const partner = await findPartner(slug);
  if (partner?.status !== 'active') throw notFound('partner', slug);
  return partner;
}

function newMember(
  { body, now, language }: Call<typeof join>,
  partner: PartnerCopy,
  joinKeyId: string,
): Omit<Member, 'uniqueIdentifier'> {
  const { name = null, email = null, phone = null, birthday = null, card_id: beginCardId = null } = body;
  const at = now.toISOString();
  const { email: byEmail = false, sms = false, push = false } = body.communication_preferences ?? {};
  const preferences = { email: byEmail, sms, push };
  return {
    ...{ partnerId: partner.partnerId, memberId: newId(), name, email, phone, birthday, beginCardId },
    joinKeyIds: [joinKeyId],
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
