import {
  newId,
  partnerOf,
  reply,
  type Answer,
  type Call,
  type Handlers,
  type createStaff as create,
  type deleteStaff as remove,
  type getStaff as get,
  type listStaff as list,
  type updateStaff as update,
} from '@punchcard/contracts';
import { paginate, type Sql } from '@punchcard/database';
import type { Copies, Writer } from '@punchcard/messaging';
import { passwordHash as hashOf } from '@punchcard/service-kit/passwords';
import { changeStaff } from './change-staff.ts';
import { createStaff } from './create-staff.ts';
import { deleteStaff } from './delete-staff.ts';
import type { StaffKey, StaffMember } from './store.ts';
import { updateStaff, type StaffChange } from './update-staff.ts';
import { getStaffView, listStaff, type StaffView } from './views.ts';

type Endpoints = typeof list | typeof get | typeof create | typeof update | typeof remove;

interface Deps {
  sql: Sql;
  writer: Writer;
  copies: Copies;
}

export const staffHandlers = ({ sql, ...deps }: Deps): Handlers<Endpoints> => ({
  'agent.staff.list': async ({ query, caller }) => {
    const page = paginate(query);
    const { club_id: clubId, is_active: isActive, search } = query;
    const filter = { partnerId: partnerOf(caller).id, clubId, isActive, search };
    const { members, total } = await listStaff(sql, filter, page);
    return reply(members.map(staffData), { pagination: page.pagination(total) });
  },

  'agent.staff.get': async (call) => staffData(await getStaffView(sql, keyOf(call))),

  'agent.staff.create': async (call) => {
    const { password } = call.body;
    const { gates } = partnerOf(call.caller);
    const asked = {
      member: newStaff(call),
      passwordHash: password === undefined ? null : await hashOf(password),
      gates,
    };
    return changeStaff(deps, call, async (tx) => {
      const { events } = await createStaff(tx, asked);
      return { data: staffData(await getStaffView(tx, asked.member)), events };
    });
  },

  'agent.staff.update': async (call) => {
    const { password } = call.body;
    const key = keyOf(call);
    const passwordHash = password === undefined ? undefined : await hashOf(password);
    const asked = { key, change: changeOf(call), passwordHash, now: call.now };
    return changeStaff(deps, call, async (tx) => {
      const { events } = await updateStaff(tx, asked);
      return { data: staffData(await getStaffView(tx, key)), events };
    });
  },

  'agent.staff.delete': (call) =>
    changeStaff(deps, call, async (tx) => {
      const { events } = await deleteStaff(tx, keyOf(call));
      return { data: { id: call.params.id, deleted: true as const }, events };
    }),
});

const keyOf = ({ caller, params }: Call<typeof get> | Call<typeof update> | Call<typeof remove>): StaffKey => ({
  partnerId: partnerOf(caller).id,
  staffId: params.id,
});

function newStaff({ body, caller, now }: Call<typeof create>): StaffMember {
  const partner = partnerOf(caller);
  return {
    partnerId: partner.id,
    staffId: newId(),
    clubId: body.club_id,
    name: body.name,
    email: body.email,
    locale: body.locale ?? partner.locale,
    timeZone: body.time_zone ?? partner.time_zone,
    avatar: body.avatar ?? null,
    isActive: body.is_active ?? true,
    createdAt: now,
    updatedAt: now,
  };
}

function changeOf({ body }: Call<typeof update>): StaffChange {
  const { club_id: clubId, time_zone: timeZone, is_active: isActive, name, email, locale, avatar } = body;
  const fields = { clubId, timeZone, isActive, name, email, locale, avatar };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

const staffData = (member: StaffView): Answer<typeof get> => ({
  id: member.staffId,
  club_id: member.clubId,
  club_name: member.clubName,
  name: member.name,
  email: member.email,
  locale: member.locale,
  time_zone: member.timeZone,
  number_of_times_logged_in: member.numberOfTimesLoggedIn,
  last_login_at: member.lastLoginAt?.toISOString() ?? null,
  created_at: member.createdAt.toISOString(),
  updated_at: member.updatedAt.toISOString(),
  avatar: member.avatar,
});
