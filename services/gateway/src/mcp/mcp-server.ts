import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import {
  CallToolRequestSchema,
  ErrorCode,
  ListToolsRequestSchema,
  McpError,
  type CallToolResult,
  type ListToolsResult,
} from '@modelcontextprotocol/sdk/types.js';
import { AjvJsonSchemaValidator } from '@modelcontextprotocol/sdk/validation/ajv';
import { version } from '../health/version.ts';
import type { Exchange } from '../requests/exchange.ts';
import type { ToolsOfKey } from '../tools/tools-of-key.ts';
import { callEndpoint, type Called, type CallOptions } from './call-endpoint.ts';

const instructions =
  'Loyalty programmes: clubs, cards, members, points, rewards. Begin with check_health. A refusal names its code and, as ' +
  'retry_strategy, what to do. Send a reference with what moves points, so that a repeat does nothing twice; with ' +
  'dry_run it only tells what would be answered.';

/** Shared: making one costs more than all the rest of a request. */
const jsonSchemaValidator = new AjvJsonSchemaValidator();

export interface McpOptions extends CallOptions {
  toolsOfKey: ToolsOfKey;
}

/** A server of the Model Context Protocol for one request: it keeps nothing, so any gateway can answer any of them. */
export function createMcpServer(options: McpOptions, exchange: Exchange, signal: AbortSignal): Server {
  const { toolsOfKey } = options;
  const { record } = exchange.known!;
  const about = { capabilities: { tools: {} }, instructions, jsonSchemaValidator };
  const server = new Server({ name: 'punchcard', version }, about);
  let calls = 0;

  server.setRequestHandler(ListToolsRequestSchema, () => {
    const { tools } = toolsOfKey.list(record, 'mcp');
    return { tools } as unknown as ListToolsResult;
  });
  server.setRequestHandler(CallToolRequestSchema, async ({ params: { name, arguments: given = {} } }) => {
    const tool = toolsOfKey.find(record, name);
    if (!tool) throw new McpError(ErrorCode.InvalidParams, `Unknown tool: ${name}`);
    calls += 1;
    return resultOf(await callEndpoint(options, { exchange, tool, given, isCounted: calls === 1, signal }));
  });
  return server;
}

/** `structuredContent` must be an object, so a list comes as `data` with its `pagination`. */
function resultOf({ status, body }: Called): CallToolResult {
  const { error: _, data, ...beside } = body;
  const isObject = typeof data === 'object' && data !== null && !Array.isArray(data);
  const isError = status >= 400;
  const structuredContent = isError ? body : isObject ? (data as Record<string, unknown>) : { data, ...beside };
  return { content: [{ type: 'text', text: JSON.stringify(structuredContent) }], structuredContent, isError };
}
