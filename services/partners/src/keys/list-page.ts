import { reply } from '@punchcard/contracts';
import { paginate, type Sql } from '@punchcard/database';
import { keyData } from './key-data.ts';
import { revokedShownDays } from './rules.ts';
import { listKeys } from './views.ts';

type Wanted = Omit<Parameters<typeof listKeys>[1], 'revokedSince'>;

/** One page of a list of keys, as the contract shows them. */
export async function listPage(sql: Sql, wanted: Wanted, query: { page: number; per_page: number }) {
  const page = paginate(query);
  const revokedSince = new Date(wanted.now.getTime() - revokedShownDays * 86_400_000);
  const { keys, total } = await listKeys(sql, { ...wanted, revokedSince }, page);
  return reply(
    keys.map((key) => keyData(key, wanted.now)),
    { pagination: page.pagination(total) },
  );
}
