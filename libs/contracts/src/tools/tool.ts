import type { z } from 'zod';
import type { Endpoint } from '../endpoint.ts';
import { endpoints } from '../endpoints.ts';
import { jsonSchemaOf, type JsonSchema } from '../openapi/json-schema.ts';
import { toolNameOf } from './names.ts';

/** One flat object of everything that an endpoint takes. */
export interface ToolSchema extends JsonSchema {
  type: 'object';
  properties: Record<string, JsonSchema>;
  required: string[];
  additionalProperties: false;
}

/** Where an argument goes. */
export type ArgumentPlace = 'path' | 'query' | 'body';

/** What foretells the answer of a tool. */
export interface DryRun {
  endpoint: Endpoint;
  places: ReadonlyMap<string, ArgumentPlace>;
  /** What its body says beside the arguments of the tool. */
  body: Readonly<Record<string, unknown>>;
}

/** An endpoint as an AI agent sees it. */
export interface Tool {
  endpoint: Endpoint;
  name: string;
  /** What it does; the last line is the call that it makes. */
  description: string;
  schema: ToolSchema;
  places: ReadonlyMap<string, ArgumentPlace>;
  /** Null = it cannot be foretold. The argument that asks for it is no field of the endpoint, so it is not in `schema`. */
  dryRun: DryRun | null;
  isReadOnly: boolean;
  /** It may take away or change what is there. */
  isDestructive: boolean;
  /** The same call again changes nothing more. */
  isIdempotent: boolean;
}

/** POSTs that do more than add. */
const destructivePosts: ReadonlySet<string> = new Set([
  'agent.transactions.redeem',
  'agent.transactions.reverse',
  'agent.holds.capture',
  'agent.stamp_cards.redeem',
  'agent.vouchers.redeem',
  'agent.member.rewards.claim',
  'agent.admin.agent_keys.rotate',
  'agent.admin.member_keys.create',
]);
/** POSTs that only answer a question. */
const questions: ReadonlySet<string> = new Set(['agent.transactions.estimate', 'agent.vouchers.validate']);

/** The tools of the Agent API, in the order of the table. */
export const toolsOf = (table: readonly Endpoint[] = endpoints): Tool[] =>
  table.flatMap((endpoint) => {
    const name = toolNameOf(endpoint.id);
    return name === null ? [] : [toTool(endpoint, name)];
  });

function toTool(endpoint: Endpoint, name: string): Tool {
  const { id, method, path, summary } = endpoint;
  const isReadOnly = method === 'GET' || questions.has(id);
  return {
    endpoint,
    name,
    description: `${summary}\nHTTP: ${method} ${path}`,
    ...argumentsOf(endpoint),
    dryRun: dryRunOf(endpoint),
    isReadOnly,
    isDestructive: method === 'PUT' || method === 'DELETE' || destructivePosts.has(id),
    isIdempotent: isReadOnly || method !== 'POST',
  };
}

/** @throws Error when the endpoint that it names is not in the table */
function dryRunOf({ id, dryRun }: Endpoint): DryRun | null {
  if (!dryRun) return null;
  const endpoint = endpoints.find((one) => one.id === dryRun.id);
  if (!endpoint) throw new Error(`${id} is foretold by ${dryRun.id}, which is not there`);
  return { endpoint, places: argumentsOf(endpoint).places, body: dryRun.body ?? {} };
}

/** @throws Error when path, query and body have a field in common */
function argumentsOf({ id, params, query, body }: Endpoint): Pick<Tool, 'schema' | 'places'> {
  const schema: ToolSchema = { type: 'object', properties: {}, required: [], additionalProperties: false };
  const places = new Map<string, ArgumentPlace>();
  const add = (place: ArgumentPlace, part: z.ZodType | undefined): void => {
    if (!part) return;
    const { properties = {}, required = [] } = jsonSchemaOf(part, 'input', { isBrief: true }) as Partial<ToolSchema>;
    for (const [name, property] of Object.entries(properties)) {
      if (places.has(name)) throw new Error(`${id} takes ${name} twice`);
      places.set(name, place);
      schema.properties[name] = property;
    }
    schema.required.push(...required);
  };
  add('path', params);
  add('query', query);
  add('body', body);
  return { schema, places };
}
