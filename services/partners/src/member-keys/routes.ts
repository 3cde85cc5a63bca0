import {
  AppError,
  reply,
  type Handlers,
  type createMemberKey as create,
  type ensureMemberKey,
} from '@punchcard/contracts';
import type { Sql } from '@punchcard/database';
import type { Copies, Writer } from '@punchcard/messaging';
import { createMemberKey } from '../keys/create-key.ts';
import { announceKey } from '../keys/events.ts';
import { keyData } from '../keys/key-data.ts';
import { findMember } from '../usage/platform-store.ts';
import { ensureKeyOf } from './ensure-key.ts';

interface Deps {
  sql: Sql;
  writer: Writer;
  copies: Copies;
  keyPepper: string;
}

export const memberKeyHandlers = (deps: Deps): Handlers<typeof create | typeof ensureMemberKey> => ({
  'agent.admin.member_keys.create': async ({ params, body, now, idempotency }) => {
    const { name, preset, scopes, expires_at: expiresAt, replace = true } = body;
    const { partnerId, memberId } = await getMember(deps, params.id);
    const written = await deps.writer.write(idempotency, async (tx) => {
      const order = { partnerId, memberId, name, preset, scopes, expiresAt, replace, now };
      const { key, text, revoked } = await createMemberKey(tx, { pepper: deps.keyPepper, order, ownScopes: null });
      return {
        data: { ...keyData(key, now), key: text },
        status: 201,
        partnerId,
        events: [key, ...revoked].map(announceKey),
        secrets: ['key'],
      };
    });
    return reply(written.data, written);
  },

  'internal.keys.ensure': async ({ body }) => {
    await deps.writer.write(null, async (tx) => {
      const changed = await ensureKeyOf(tx, body);
      return { data: {}, partnerId: body.partner_id, events: changed.map(announceKey) };
    });
    return { key_id: body.key_id };
  },
});

/** The member's partner, from our copy of `members`; a copy that is behind is waited for before anybody is told "not found". */
async function getMember({ sql, copies }: Deps, memberId: string) {
  const known = await findMember(sql, memberId);
  if (known) return known;
  if (!(await copies.caughtUp(['members']))) throw new AppError('SERVICE_UNAVAILABLE', { retryAfter: 1 });
  const member = await findMember(sql, memberId);
  if (!member) throw new AppError('MEMBER_NOT_FOUND', { details: { member_identifier: memberId } });
  return member;
}
