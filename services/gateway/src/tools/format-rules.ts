import type { Tool, ToolFormat } from '@punchcard/contracts';

type Shown = Readonly<Record<string, unknown>>;

/** A tool as each kind of agent takes it (contract part 2). */
const forms: Readonly<Record<ToolFormat, (tool: Tool) => Shown>> = {
  generic: ({ name, description, endpoint: { method, path, scopes = [] }, schema }) => ({
    ...{ name, description, method, path, scopes },
    parameters: schema,
  }),
  openai: ({ name, description, schema }) => ({
    type: 'function',
    function: { name, description, parameters: schema },
  }),
  anthropic: ({ name, description, schema }) => ({ name, description, input_schema: schema }),
  mcp: ({ name, description, schema, isReadOnly, isDestructive, isIdempotent }) => ({
    name,
    description,
    inputSchema: schema,
    annotations: { readOnlyHint: isReadOnly, destructiveHint: isDestructive, idempotentHint: isIdempotent },
  }),
};

export const inForm = (tools: readonly Tool[], format: ToolFormat): Shown[] => tools.map(forms[format]);
