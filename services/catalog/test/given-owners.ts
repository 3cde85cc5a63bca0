import {
  AppError,
  holdClubForStaff,
  holdClubForVouchers,
  holdTierForVouchers,
  releaseClubForStaff,
  releaseClubForVouchers,
  releaseTierForVouchers,
} from '@punchcard/contracts';
import { newId } from '@punchcard/database';
import { createLog, createService } from '@punchcard/service-kit';
import { testSecrets } from '@punchcard/testing';

const shared = { port: 0, callerSecrets: testSecrets, log: createLog('test', { level: 'silent' }), ready: {} };

/** Stand-ins for those whose things belong to clubs or target tiers, answered from what a test says. */
export async function startOwners() {
  const [staff, vouchers] = [givenOwner('staff'), givenOwner('vouchers')];
  const servers = [
    createService({
      ...shared,
      name: 'staff',
      endpoints: [holdClubForStaff, releaseClubForStaff],
      handlers: {
        'internal.staff.hold_club': async ({ params }) => staff.hold(params.id),
        'internal.staff.release_club': async ({ params, body }) => staff.release(params.id, body.hold_id),
      },
    }),
    createService({
      ...shared,
      name: 'vouchers',
      endpoints: [holdClubForVouchers, releaseClubForVouchers, holdTierForVouchers, releaseTierForVouchers],
      handlers: {
        'internal.vouchers.hold_club': async ({ params }) => vouchers.hold(params.id),
        'internal.vouchers.release_club': async ({ params, body }) => vouchers.release(params.id, body.hold_id),
        'internal.vouchers.hold_tier': async ({ params }) => vouchers.hold(params.id),
        'internal.vouchers.release_tier': async ({ params, body }) => vouchers.release(params.id, body.hold_id),
      },
    }),
  ];
  const urls = await Promise.all(servers.map(async (server) => `http://127.0.0.1:${(await server.listen()).port}`));
  return {
    staff: staff.state,
    vouchers: vouchers.state,
    urls: { staff: urls[0]!, vouchers: urls[1]! },
    close: () => Promise.all(servers.map((server) => server.close())),
  };
}

function givenOwner(service: string) {
  const state = {
    /** Club or tier > how many things belong to it. */
    inUse: new Map<string, number>(),
    /** Club or tier > hold. */
    held: new Map<string, string>(),
    asked: new Set<string>(),
    isAway: false,
  };
  return {
    state,
    hold: (id: string) => {
      if (state.isAway) throw new AppError('SERVICE_UNAVAILABLE', { details: { service } });
      state.asked.add(id);
      const count = state.inUse.get(id) ?? 0;
      if (count > 0) return { in_use: count, hold_id: null };
      const holdId = newId();
      state.held.set(id, holdId);
      return { in_use: 0, hold_id: holdId };
    },
    release: (id: string, holdId: string) => {
      if (state.held.get(id) === holdId) state.held.delete(id);
      return { released: true as const };
    },
  };
}
