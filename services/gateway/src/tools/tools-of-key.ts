import { AppError, toolsOf, type KeyRecord, type Tool, type ToolFormat } from '@punchcard/contracts';
import { checkAccess, type AccessSettings } from '../access/rules.ts';
import { inForm } from './format-rules.ts';

/** Kinds of rights that are remembered; keys with the same rights share theirs. */
const MAX_KEPT = 1_000;

export interface ToolsOfKey {
  /** What the key may call, in a format. `isKept`: it was in memory. */
  list(record: KeyRecord, format: ToolFormat): { tools: Readonly<Record<string, unknown>>[]; isKept: boolean };
  /** The tool that a key's role knows by this name, whether it may call it or not. */
  find(record: KeyRecord, name: string): Tool | undefined;
}

/** The endpoints of the table as tools, filtered by what a key may. */
export function createToolsOfKey(access: AccessSettings, all: readonly Tool[] = toolsOf()): ToolsOfKey {
  const kept = new Map<string, Readonly<Record<string, unknown>>[]>();
  const byName = new Map(all.map((tool) => [`${tool.endpoint.role} ${tool.name}`, tool]));

  return {
    list: (record, format) => {
      const rights = `${format} ${rightsOf(record)}`;
      const known = kept.get(rights);
      if (known) return { tools: known, isKept: true };
      const mine = all.filter(({ endpoint }) =>
        isAllowed(() => checkAccess({ endpoint, record, partnerId: undefined }, access)),
      );
      const tools = inForm(mine, format);
      if (kept.size >= MAX_KEPT) kept.clear();
      kept.set(rights, tools);
      return { tools, isKept: false };
    },
    find: ({ role }, name) => byName.get(`${role} ${name}`) ?? byName.get(`any ${name}`),
  };
}

/** All that `checkAccess` looks at. */
const rightsOf = ({ role, scopes, partner }: KeyRecord): string =>
  JSON.stringify([role, scopes.toSorted(), partner && [partner.status, partner.plan, partner.gates]]);

function isAllowed(check: () => void): boolean {
  try {
    check();
    return true;
  } catch (thrown) {
    if (thrown instanceof AppError) return false;
    throw thrown;
  }
}
