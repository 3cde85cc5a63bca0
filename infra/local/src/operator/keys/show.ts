import Table from 'cli-table3';
import type { Partner } from '../admin/find-partner.ts';
import type { Key } from './find-key.ts';

const plain = { style: { head: [], border: [] } };

const minute = (instant: string | null, absent: string): string =>
  instant === null ? absent : `${instant.slice(0, 16).replace('T', ' ')}Z`;

/** Keys as a table for a terminal, instants in UTC to the minute. */
export const keyTable = (keys: readonly Key[]): string => {
  const table = new Table({ ...plain, head: ['Key', 'Name', 'May', 'Status', 'A minute', 'Ends', 'Last used'] });
  for (const key of keys) {
    table.push([
      `${key.prefix}\n${key.id}`,
      key.name,
      key.preset ?? key.scopes.join('\n'),
      key.status,
      key.rate_limit,
      minute(key.expires_at, 'never'),
      minute(key.last_used_at, 'never'),
    ]);
  }
  return table.toString();
};

export const partnerTable = (partners: readonly Partner[]): string => {
  const table = new Table({ ...plain, head: ['Partner', 'Slug', 'Id', 'Tier', 'Status', 'Keys'] });
  for (const { name, slug, id, tier, status, usage, permissions } of partners) {
    const { agent_keys_limit: limit = -1 } = permissions;
    table.push([name, slug, id, tier, status, `${usage.agent_keys} of ${limit === -1 ? 'any number' : limit}`]);
  }
  return table.toString();
};

/** What a new key is, for the side of its text that is shown once. */
export const keyLines = (key: Key): string =>
  [
    `Key "${key.name}" ${key.prefix} (${key.id})`,
    `  may ${key.preset ?? key.scopes.join(', ')}, ${key.rate_limit} calls a minute, ends ${minute(key.expires_at, 'never')}`,
    'It is shown this once:',
  ].join('\n');
