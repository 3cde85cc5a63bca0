import { createAgentKey } from '@punchcard/contracts';
import { withAdminApi } from '../admin/admin-api.ts';
import type { AdminOptions } from '../admin/connection.ts';
import { findPartner } from '../admin/find-partner.ts';
import { showNewKey } from './show-new-key.ts';

export type CreateOptions = AdminOptions & {
  partner: string;
  name: string;
  preset?: string;
  scope?: string[];
  expiresIn?: number;
  expiresAt?: string;
  rateLimit?: number;
  json?: boolean;
};

const endOf = ({ expiresIn, expiresAt }: CreateOptions): string | undefined =>
  expiresIn === undefined ? expiresAt : new Date(Date.now() + expiresIn * 1_000).toISOString();

/** `punchcard keys create` */
export const create = async (options: CreateOptions): Promise<void> => {
  const { partner: slugOrId, name, preset, scope: scopes, rateLimit } = options;
  const end = endOf(options);
  if (preset === undefined && scopes === undefined) {
    throw new Error('What may the key do?\n  Say it with --preset or --scope; --help lists what there is.');
  }
  const body = {
    name,
    ...(preset === undefined ? {} : { preset }),
    ...(scopes === undefined ? {} : { scopes }),
    ...(rateLimit === undefined ? {} : { rate_limit: rateLimit }),
    ...(end === undefined ? {} : { expires_at: end }),
  };
  await withAdminApi(options, async (api) => {
    const { id } = await findPartner(api, slugOrId);
    const key = await api.call(createAgentKey, { params: { id }, body });
    showNewKey(key, options);
  });
};
