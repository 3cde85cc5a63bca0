import { parseArgs } from 'node:util';
import { connect } from '@punchcard/database';
import { readDatabaseUrl } from './verify/config.ts';
import { reportOf, verifyLedger } from './verify/verify-ledger.ts';

// `punchcard ledger verify`: exits with 1 and names the first violation if the books are not sound.
const { partner = null } = parseArgs({ options: { partner: { type: 'string' } } }).values;
const sql = connect(readDatabaseUrl(), { poolMax: 1, applicationName: 'ledger verify', statementTimeoutMs: 3_600_000 });
try {
  const verdict = await verifyLedger(sql, partner);
  process.stdout.write(`${reportOf(verdict)}\n`);
  process.exitCode = verdict.failed ? 1 : 0;
} finally {
  await sql.end({ timeout: 5 });
}
