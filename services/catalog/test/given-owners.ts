import {
  AppError,
  holdCardForVouchers,
  holdClubForStaff,
  holdClubForVouchers,
  holdTierForVouchers,
  newId,
  releaseCardForVouchers,
  releaseClubForStaff,
  releaseClubForVouchers,
  releaseTierForVouchers,
} from '@punchcard/contracts';
import { createLog, createService } from '@punchcard/service-kit';
import { testSecrets } from '@punchcard/testing';

const shared = { port: 0, callerSecrets: testSecrets, log: createLog('test', { level: 'silent' }), ready: {} };

/** Stand-ins for those whose things belong to clubs, target tiers or pay onto cards, answered from what a test says. */
export async function startOwners() {
  const [staff, vouchers] = [givenOwner('staff'), givenOwner('vouchers')];
  const servers = [
    createService({
      ...shared,
      name: 'staff',
      endpoints: [holdClubForStaff, releaseClubForStaff],
      handlers: {
        'internal.staff.hold_club': async ({ params }) => staff.hold(params.id),
        'internal.staff.release_club': async ({ params, body }) => staff.release(params.id, body),
      },
    }),
    createService({
      ...shared,
      name: 'vouchers',
      endpoints: [
        ...[holdClubForVouchers, releaseClubForVouchers, holdTierForVouchers, releaseTierForVouchers],
        ...[holdCardForVouchers, releaseCardForVouchers],
      ],
      handlers: {
        'internal.vouchers.hold_club': async ({ params }) => vouchers.hold(params.id),
        'internal.vouchers.release_club': async ({ params, body }) => vouchers.release(params.id, body),
        'internal.vouchers.hold_card': async ({ params, body }) => vouchers.hold(params.id, body.hold_id),
        'internal.vouchers.release_card': async ({ params, body }) => vouchers.release(params.id, body),
        'internal.vouchers.hold_tier': async ({ params }) => vouchers.hold(params.id),
        'internal.vouchers.release_tier': async ({ params, body }) => vouchers.release(params.id, body),
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
    /** Club, tier or card > how many things belong to it. */
    inUse: new Map<string, number>(),
    /** Club, tier or card > hold. */
    held: new Map<string, string>(),
    asked: new Set<string>(),
    /** What it was told is deleted. */
    deleted: new Set<string>(),
    isAway: false,
  };
  const requireThere = () => {
    if (state.isAway) throw new AppError('SERVICE_UNAVAILABLE', { details: { service } });
  };
  return {
    state,
    hold: (id: string, holdId: string = newId()) => {
      requireThere();
      state.asked.add(id);
      const count = state.inUse.get(id) ?? 0;
      if (count > 0) return { in_use: count, hold_id: null };
      state.held.set(id, holdId);
      return { in_use: 0, hold_id: holdId };
    },
    release: (
      id: string,
      { hold_id: holdId, is_deleted: isDeleted }: { hold_id: string; is_deleted?: boolean | undefined },
    ) => {
      requireThere();
      if (isDeleted) state.deleted.add(id);
      if ((state.held.get(id) ?? '') <= holdId) state.held.delete(id);
      return { released: true as const };
    },
  };
}
