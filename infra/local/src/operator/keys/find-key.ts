import { listAdminKeys, listAgentKeys } from '@punchcard/contracts';
import type { Answer } from '@punchcard/contracts';
import { allPages } from '../admin/admin-api.ts';
import type { AdminApi } from '../admin/admin-api.ts';
import { findPartner, isId, listAllPartners } from '../admin/find-partner.ts';

export type Key = Answer<typeof listAgentKeys>[number];
export type KeyStatus = Key['status'];

export const keysOfPartner = (api: AdminApi, id: string, status?: KeyStatus): Promise<Key[]> =>
  allPages((page) => api.call(listAgentKeys, { params: { id }, query: { ...page, ...(status && { status }) } }));

export const adminKeys = (api: AdminApi): Promise<Key[]> =>
  allPages((page) => api.call(listAdminKeys, { query: page }));

/** All keys among which one with this prefix can be; of one partner, if it is named. */
const candidates = async (api: AdminApi, prefix: string, partner: string | undefined): Promise<Key[]> => {
  if (prefix.startsWith('rl_admin_')) return adminKeys(api);
  if (partner !== undefined) return keysOfPartner(api, (await findPartner(api, partner)).id);
  const found: Key[] = [];
  for (const { id, usage } of await listAllPartners(api)) {
    if (usage.agent_keys > 0) found.push(...(await keysOfPartner(api, id)));
  }
  return found;
};

const shape = /^(rl_(?:agent|admin)_[0-9A-Za-z]{8})(?:[0-9A-Za-z]{32})?$/;

/**
 * The id of a key that was named by its id, its shown prefix or its whole text, which is what one has of a key that leaked.
 * Without a partner the keys of all partners are looked through.
 */
export const findKeyId = async (api: AdminApi, text: string, partner?: string): Promise<string> => {
  if (isId(text)) return text;
  if (text.startsWith('rl_member_')) {
    throw new Error(
      'Keys of members are not listed for operators.\n  Name the key by its id, as its audit records show it.',
    );
  }
  const prefix = shape.exec(text)?.[1];
  if (prefix === undefined) {
    throw new Error(
      'That is neither the id of a key nor its prefix, like rl_agent_a8f3k2m1.\n  `punchcard keys list` shows both.',
    );
  }
  const known = await candidates(api, prefix, partner);
  const [key, ...others] = known.filter((each) => each.prefix === prefix && each.status !== 'revoked');
  if (key && others.length === 0) return key.id;
  if (key) {
    const ids = [key, ...others].map(({ id }) => id).join(', ');
    throw new Error(`More than one key begins with ${prefix}.\n  Name it by its id: ${ids}.`);
  }
  const where = partner === undefined ? '' : ` of the partner ${partner}`;
  const isRevoked = known.some((each) => each.prefix === prefix);
  throw new Error(
    isRevoked
      ? `The key ${prefix}${where} is revoked already.`
      : `There is no key ${prefix}${where}.\n  \`punchcard keys list\` shows them.`,
  );
};
