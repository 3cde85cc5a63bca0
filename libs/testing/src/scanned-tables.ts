import type { Sql, Tx } from '@punchcard/database';

interface Plan {
  'Node Type': string;
  'Relation Name'?: string;
  Plans?: Plan[];
}

/**
 * The tables that the statements of `work` would read from end to end, by the plans for their values. Nothing of it is run: each
 * statement gives `anyRow` instead. Throws when `work` sends none.
 */
export async function scannedTables(
  sql: Sql,
  work: (tx: Tx) => Promise<unknown>,
  anyRow: object = {},
): Promise<string[]> {
  const nodes = await planNodes(sql, work, anyRow);
  return tablesOf(nodes.filter((node) => node['Node Type'] === 'Seq Scan'));
}

/** The tables that they would read at all, in the same way. */
export async function tablesRead(sql: Sql, work: (tx: Tx) => Promise<unknown>, anyRow: object = {}): Promise<string[]> {
  return tablesOf(await planNodes(sql, work, anyRow));
}

const tablesOf = (nodes: readonly Plan[]): string[] =>
  [...new Set(nodes.flatMap((node) => node['Relation Name'] ?? []))].sort();

async function planNodes(sql: Sql, work: (tx: Tx) => Promise<unknown>, anyRow: object): Promise<Plan[]> {
  const nodes: Plan[] = [];
  let statements = 0;
  const visit = (node: Plan) => {
    nodes.push(node);
    for (const plan of node.Plans ?? []) visit(plan);
  };
  await sql.begin(async (tx) => {
    const explain = (strings: TemplateStringsArray, ...values: never[]) => {
      const statement = tx(strings, ...values);
      // A part of another statement is never awaited itself.
      const explained = async () => {
        statements += 1;
        const [row] = await tx<{ 'QUERY PLAN': [{ Plan: Plan }] }[]>`explain (format json) ${statement}`;
        visit((Object.values(row!)[0] as [{ Plan: Plan }])[0].Plan);
        return [anyRow];
      };
      return Object.assign(statement, { then: (...then: never[]) => explained().then(...then) });
    };
    await work(explain as unknown as Tx);
  });
  if (statements === 0) throw new Error('No statement was sent.');
  return nodes;
}
