import type { Tool, ToolFormat } from '@punchcard/contracts';

/** An argument of the protocol, not of the endpoint: over HTTP nobody could send it. */
const dryRunField = {
  dry_run: {
    type: 'boolean',
    default: false,
    description: 'Only tell what would be answered: book nothing.',
  },
} as const;

/** A tool as each kind of agent takes it (contract part 2). */
export const forms = {
  generic: ({ name, description, endpoint: { method, path, scopes = [] }, schema }: Tool) => ({
    ...{ name, description, method, path, scopes },
    parameters: schema,
  }),
  openai: ({ name, description, schema }: Tool) => ({
    type: 'function' as const,
    function: { name, description, parameters: schema },
  }),
  anthropic: ({ name, description, schema }: Tool) => ({ name, description, input_schema: schema }),
  mcp: ({ name, description, schema, dryRun, isReadOnly, isDestructive, isIdempotent }: Tool) => ({
    name,
    description,
    inputSchema: dryRun ? { ...schema, properties: { ...schema.properties, ...dryRunField } } : schema,
    annotations: { readOnlyHint: isReadOnly, destructiveHint: isDestructive, idempotentHint: isIdempotent },
  }),
} satisfies Record<ToolFormat, (tool: Tool) => object>;

export const inForm = (tools: readonly Tool[], format: ToolFormat): Record<string, unknown>[] =>
  tools.map((tool) => forms[format](tool));
