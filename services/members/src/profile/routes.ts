import {
  AppError,
  memberIdOf,
  partnerOf,
  reply,
  type Answer,
  type Handlers,
  type getProfile,
  type updateProfile,
} from '@punchcard/contracts';
import type { Sql } from '@punchcard/database';
import type { Writer } from '@punchcard/messaging';
import { announceMember } from '../members/events.ts';
import { changeProfile } from './store.ts';
import { findProfile, type Profile } from './views.ts';

interface Deps {
  sql: Sql;
  writer: Writer;
  identifierPepper: string;
}

export const profileHandlers = ({
  sql,
  writer,
  identifierPepper,
}: Deps): Handlers<typeof getProfile | typeof updateProfile> => ({
  'agent.member.profile.get': async ({ caller }) => {
    const memberId = memberIdOf(caller);
    return profileData((await findProfile(sql, partnerOf(caller).id, memberId)) ?? gone(memberId));
  },

  'agent.member.profile.update': async ({ body, caller, now, idempotency }) => {
    const [partnerId, memberId] = [partnerOf(caller).id, memberIdOf(caller)];
    const changesNothing = Object.keys(body).length === 0;
    const written = await writer.write(idempotency, async (tx) => {
      const changed = changesNothing ? undefined : await changeProfile(tx, { partnerId, memberId, change: body, now });
      const data = profileData((await findProfile(tx, partnerId, memberId)) ?? gone(memberId));
      return { data, partnerId, events: changed ? [announceMember(identifierPepper, changed)] : [] };
    });
    return reply(written.data, written);
  },
});

/** Its keys end within moments of it being anonymised. */
const gone = (memberId: string): never => {
  throw new AppError('MEMBER_NOT_FOUND', { details: { member_identifier: memberId } });
};

const profileData = (profile: Profile): Answer<typeof getProfile> => ({
  id: profile.memberId,
  name: profile.name,
  email: profile.email,
  locale: profile.locale,
  unique_identifier: profile.uniqueIdentifier,
  avatar: profile.avatar,
  is_anonymous: profile.isAnonymous,
  has_interacted: profile.firstInteractionAt !== null,
  first_interaction_at: profile.firstInteractionAt?.toISOString() ?? null,
  created_at: profile.createdAt.toISOString(),
});
