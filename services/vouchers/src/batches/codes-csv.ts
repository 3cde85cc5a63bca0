import type { Sql } from '@punchcard/database';
import { stringify } from 'csv-stringify/sync';
import { codeData } from './code-data.ts';
import { listCodesAfter, type CodeFilter } from './views.ts';

const AT_A_TIME = 1_000;
const columns = ['voucher_id', 'code', 'is_active', 'times_used', 'remaining_uses', 'valid_until'];
const options = {
  columns,
  record_delimiter: 'windows',
  cast: { boolean: (value: boolean) => String(value) },
} as const;

/** All codes of a batch as RFC 4180 has them, with a header line, read as fast as they are sent. */
export async function* codesCsv(sql: Sql, filter: CodeFilter): AsyncGenerator<string> {
  yield stringify([], { ...options, header: true });
  for (let after = -1; ;) {
    const codes = await listCodesAfter(sql, { ...filter, after, limit: AT_A_TIME });
    if (codes.length > 0) yield stringify(codes.map(codeData), options);
    const last = codes.at(-1);
    if (!last || codes.length < AT_A_TIME) return;
    after = last.batchPosition;
  }
}
