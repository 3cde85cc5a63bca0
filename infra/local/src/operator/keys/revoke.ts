import { revokeAgentKey } from '@punchcard/contracts';
import { withAdminApi } from '../admin/admin-api.ts';
import type { AdminOptions } from '../admin/connection.ts';
import { findKeyId } from './find-key.ts';

export type RevokeOptions = AdminOptions & { partner?: string; json?: boolean };

/** `punchcard keys revoke` */
export const revoke = (text: string, options: RevokeOptions): Promise<void> =>
  withAdminApi(options, async (api) => {
    const id = await findKeyId(api, text, options.partner);
    const revoked = await api.call(revokeAgentKey, { params: { id } });
    if (options.json) return console.log(JSON.stringify(revoked, null, 2));
    console.log(`Revoked ${id}. It opens nothing any more, everywhere within a second.`);
  });
