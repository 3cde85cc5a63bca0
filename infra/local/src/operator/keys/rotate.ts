import { rotateAgentKey } from '@punchcard/contracts';
import { withAdminApi } from '../admin/admin-api.ts';
import type { AdminOptions } from '../admin/connection.ts';
import { findKeyId } from './find-key.ts';
import { showNewKey } from './show-new-key.ts';

export type RotateOptions = AdminOptions & { partner?: string; overlap?: number; json?: boolean };

/** `punchcard keys rotate` */
export const rotate = (text: string, options: RotateOptions): Promise<void> =>
  withAdminApi(options, async (api) => {
    const id = await findKeyId(api, text, options.partner);
    const body = options.overlap === undefined ? {} : { overlap_seconds: options.overlap };
    const made = await api.call(rotateAgentKey, { params: { id }, body });
    const { prefix, expires_at: end } = made.replaces;
    if (!options.json) console.error(`${prefix} works until ${end}; until then both keys count as one.`);
    showNewKey(made, options);
  });
