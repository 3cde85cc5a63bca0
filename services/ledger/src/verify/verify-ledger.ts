import type { Sql, Tx } from '@punchcard/database';
import { entryChecks, lotChecks, type Check, type Violation } from './platform-checks.ts';
import { countChecks } from './platform-count-checks.ts';
import { recordChecks } from './platform-record-checks.ts';
import { stampChecks } from './platform-stamp-checks.ts';
import { freeze, measure, tablesOf, type Extent } from './platform-tables.ts';

export interface Verdict {
  extent: Extent;
  /** Checks that held, in their order. */
  held: Check[];
  /** The first that did not. */
  failed: { check: Check; violation: Violation } | null;
}

/** Proves the books from the rows alone, as of one instant: all of them, or one partner's. Stops at the first violation. */
export function verifyLedger(sql: Sql, partnerId: string | null = null): Promise<Verdict> {
  return sql.begin(async (tx) => {
    await freeze(tx);
    return verifyBooks(tx, partnerId);
  });
}

/** The same by what the transaction sees. */
export async function verifyBooks(tx: Tx, partnerId: string | null = null): Promise<Verdict> {
  const of = tablesOf(tx, partnerId);
  const verdict: Verdict = { extent: await measure(tx, of), held: [], failed: null };
  for (const check of [...entryChecks, ...lotChecks, ...recordChecks, ...stampChecks, ...countChecks]) {
    const [violation] = await check.find(tx, of);
    if (violation) return { ...verdict, failed: { check, violation } };
    verdict.held.push(check);
  }
  return verdict;
}

/** What an operator reads. */
export function reportOf({ extent, held, failed }: Verdict): string {
  const sizes = Object.entries(extent).map(([name, count]) => `${count.toLocaleString('en')} ${name}`);
  const lines = [`Checked ${sizes.join(', ')}.`, ...held.map(({ name, claim }) => `ok    ${name}: ${claim}.`)];
  if (!failed) return [...lines, 'The ledger is sound.'].join('\n');
  const { check, violation } = failed;
  return [
    ...lines,
    `WRONG ${check.name}: ${check.claim}. It is not so:`,
    `      ${violation.about} of partner ${violation.partnerId}: expected ${violation.expected}, found ${violation.found}.`,
  ].join('\n');
}
