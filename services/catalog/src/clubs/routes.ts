import {
  AppError,
  newId,
  partnerOf,
  reply,
  type Answer,
  type Call,
  type Handlers,
  type createClub as create,
  type deleteClub as remove,
  type getClub as get,
  type listClubs as list,
  type updateClub as update,
} from '@punchcard/contracts';
import { findKept, paginate, type Sql } from '@punchcard/database';
import type { Writer } from '@punchcard/messaging';
import { type InternalClient, camelKeys } from '@punchcard/service-kit';
import { changeProgramme } from '../programme/change-programme.ts';
import { listLadder } from '../tiers/store.ts';
import { createClub } from './create-club.ts';
import { deleteClub } from './delete-club.ts';
import { holdElsewhere } from './hold-elsewhere.ts';
import { findClub, getClub, type Club, type ClubKey } from './store.ts';
import { updateClub, type ClubChange } from './update-club.ts';
import { listClubs } from './views.ts';

type Endpoints = typeof list | typeof get | typeof create | typeof update | typeof remove;

interface Deps {
  sql: Sql;
  writer: Writer;
  internal: InternalClient;
}

export const clubHandlers = ({ sql, writer, internal }: Deps): Handlers<Endpoints> => ({
  'agent.clubs.list': async ({ query, caller }) => {
    const page = paginate(query);
    const { search, is_active: isActive } = query;
    const { clubs, total } = await listClubs(sql, { partnerId: partnerOf(caller).id, search, isActive }, page);
    return reply(clubs.map(clubData), { pagination: page.pagination(total) });
  },

  'agent.clubs.get': async (call) => clubData(await getClub(sql, keyOf(call))),

  'agent.clubs.create': (call) => {
    const asked = newClub(call);
    return changeProgramme(writer, call, async (tx) => {
      const { club, events } = await createClub(tx, { club: asked, gates: partnerOf(call.caller).gates });
      return { data: clubData(club), events };
    });
  },

  'agent.clubs.update': (call) =>
    changeProgramme(writer, call, async (tx) => {
      const { club, events } = await updateClub(tx, { key: keyOf(call), change: changeOf(call), now: call.now });
      return { data: clubData(club), events };
    }),

  'agent.clubs.delete': async (call) => {
    const { params, caller, now, idempotency } = call;
    const key = keyOf(call);
    // A key that is refused or replayed, and a club that is not there, are found before others are asked.
    const kept = idempotency && (await findKept(sql, idempotency));
    const isThere = !kept && (await findClub(sql, key)) !== undefined;
    const tierIds = isThere ? (await listLadder(sql, key)).map(({ tierId }) => tierId) : [];
    const elsewhere = isThere ? await holdElsewhere(internal, { params, caller, tierIds }) : null;
    const deletion = { key, elsewhere: elsewhere?.inUse ?? { staff: 0, vouchers: 0 }, now };
    try {
      const deleted = await changeProgramme(writer, call, async (tx) => {
        const { events } = await deleteClub(tx, deletion);
        return { data: { id: params.id, deleted: true as const }, events };
      });
      await elsewhere?.release({ isDeleted: true });
      return deleted;
    } catch (thrown) {
      // After anything else the club may be deleted, by this call or by another.
      if (thrown instanceof AppError && thrown.code === 'CONFLICT') await elsewhere?.release({ isDeleted: false });
      throw thrown;
    }
  },
});

const keyOf = ({ caller, params }: Call<typeof get> | Call<typeof update> | Call<typeof remove>): ClubKey => ({
  partnerId: partnerOf(caller).id,
  clubId: params.id,
});

const newClub = ({ body, caller, now }: Call<typeof create>): Club => ({
  partnerId: partnerOf(caller).id,
  clubId: newId(),
  name: body.name,
  description: body.description ?? null,
  status: body.is_active === false ? 'inactive' : 'active',
  createdAt: now,
  updatedAt: now,
});

const changeOf = ({ body: { is_active: isActive, ...rest } }: Call<typeof update>): ClubChange => ({
  ...camelKeys(rest),
  ...(isActive === undefined ? {} : { status: isActive ? 'active' : 'inactive' }),
});

const clubData = (club: Club): Answer<typeof get> => ({
  id: club.clubId,
  name: club.name,
  description: club.description,
  is_active: club.status === 'active',
  created_at: club.createdAt.toISOString(),
  updated_at: club.updatedAt.toISOString(),
});
