import { withAdminApi } from '../admin/admin-api.ts';
import type { AdminOptions } from '../admin/connection.ts';
import { findPartner } from '../admin/find-partner.ts';
import { adminKeys, keysOfPartner } from './find-key.ts';
import type { KeyStatus } from './find-key.ts';
import { keyTable } from './show.ts';

export type ListOptions = AdminOptions & { partner?: string; admin?: boolean; status?: KeyStatus; json?: boolean };

/** `punchcard keys list` */
export const list = async (options: ListOptions): Promise<void> => {
  const { partner, admin, status, json } = options;
  if ((partner === undefined) === (admin === undefined)) {
    throw new Error('Whose keys?\n  Say it with --partner <slug|id>, or --admin for those of the platform.');
  }
  await withAdminApi(options, async (api) => {
    const keys =
      partner === undefined
        ? (await adminKeys(api)).filter((key) => status === undefined || key.status === status)
        : await keysOfPartner(api, (await findPartner(api, partner)).id, status);
    if (json) return console.log(JSON.stringify(keys, null, 2));
    console.log(keys.length === 0 ? 'No keys.' : keyTable(keys));
  });
};
