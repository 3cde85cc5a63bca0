import type { Call, Handlers, importMembers as endpoint } from '@punchcard/contracts';
import type { Writer } from '@punchcard/messaging';
import { announceMember } from '../members/events.ts';
import { insertMembers, type Member } from '../members/store.ts';
import { newUniqueIdentifier } from '../registration/identifier.ts';

interface Deps {
  writer: Writer;
  identifierPepper: string;
}

export const importHandlers = ({ writer, identifierPepper }: Deps): Handlers<typeof endpoint> => ({
  'internal.members.import': async ({ body, caller }) => {
    const partnerId = caller.partner_id;
    if (partnerId === null) throw new Error('An import needs a partner.');
    const members = body.members.map((row) => toMember(partnerId, row));
    const { data } = await writer.write(null, async (tx) => {
      const inserted = await insertMembers(tx, members);
      const fresh = members.filter(({ memberId }) => inserted.has(memberId));
      return {
        data: { imported: fresh.length, existing: members.length - fresh.length },
        partnerId,
        events: fresh.map((member) => announceMember(identifierPepper, member)),
      };
    });
    return data;
  },
});

type Row = Call<typeof endpoint>['body']['members'][number];

function toMember(partnerId: string, row: Row): Member {
  const registeredAt = new Date(row.registered_at);
  return {
    ...{ partnerId, memberId: row.member_id, uniqueIdentifier: newUniqueIdentifier() },
    ...{ name: row.name, email: row.email, memberNumber: row.member_number, phone: null, birthday: null, avatar: null },
    locale: row.locale,
    timeZone: row.time_zone,
    isAnonymous: row.name === null && row.email === null,
    acceptedTermsAt: null,
    communicationPreferences: {},
    ...{ beginCardId: null, joinKeyIds: [], joinKeyGivenAt: null, lastLoginAt: null },
    createdAt: registeredAt,
    updatedAt: registeredAt,
  };
}
