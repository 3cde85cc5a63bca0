import type { Endpoint } from '../endpoint.ts';
import { endpoints } from '../endpoints.ts';
import { headers, parametersOf, schemasOf, securitySchemesOf } from './common.ts';
import { createShelf } from './components.ts';
import type { JsonSchema } from './json-schema.ts';
import { tagOf } from './names.ts';
import { operationOf } from './operation.ts';

export interface OpenApiOptions {
  api: 'agent' | 'partner';
  /** Of the deployment. */
  version: string;
  /** Default: the whole table. */
  table?: readonly Endpoint[];
}

const titles = { agent: 'Punchcard Agent API', partner: 'Punchcard Partner API' };

const descriptions = {
  agent: [
    'Loyalty programmes for tills, shop plug-ins and AI agents: clubs, cards, members, points and rewards.',
    'Send your key as `X-Agent-Key`. Its prefix decides the role: `rl_agent_` a partner, `rl_member_` a member, `rl_admin_` the platform.',
  ],
  partner: [
    'For businesses with many shops: customers, points, campaigns, analytics.',
    'Send a key pair as `X-API-Key` and `X-API-Secret`.',
  ],
};

const common = [
  'Every write takes an `Idempotency-Key`; every refusal says by its code what was wrong.',
  'Bodies are strict: an unknown field is refused by name. Times are ISO 8601 in UTC. `Accept-Language` picks the language of texts.',
  '`PATCH` is accepted wherever `PUT` is, and does the same.',
];

/** The OpenAPI 3.1 document of one of the two APIs, made from the table. Paths are absolute on the host that serves it. */
export function openApiOf({ api, version, table = endpoints }: OpenApiOptions): JsonSchema {
  const ours = table.filter(({ dialect }) => dialect === api).toSorted((a, b) => placeOf(a) - placeOf(b));
  const shelves = { schemas: createShelf('schemas', schemasOf(api)), responses: createShelf('responses') };
  const paths: Record<string, JsonSchema> = {};
  for (const endpoint of ours) {
    (paths[endpoint.path] ??= {})[endpoint.method.toLowerCase()] = operationOf(endpoint, shelves);
  }
  const components = {
    parameters: parametersOf(api),
    headers,
    responses: shelves.responses.all(),
    schemas: shelves.schemas.all(),
  };
  return {
    openapi: '3.1.1',
    info: {
      title: titles[api],
      version,
      description: [...descriptions[api], ...common].join('\n\n'),
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/', description: 'This deployment' }],
    tags: tagsOf(ours),
    paths,
    components: { securitySchemes: securitySchemesOf(api), ...usedOf(components, paths) },
  };
}

/** What a till needs comes first, what the platform's own people need comes last. */
const order: readonly Endpoint['role'][] = ['partner', 'public', 'member', 'admin'];
const placeOf = ({ owner, role }: Endpoint): number => (owner === 'gateway' ? -1 : order.indexOf(role));

function tagsOf(table: readonly Endpoint[]): JsonSchema[] {
  const first = new Map<string, Endpoint>();
  for (const endpoint of table) if (!first.has(tagOf(endpoint))) first.set(tagOf(endpoint), endpoint);
  return [...first].map(([name, endpoint]) => ({ name, description: whoCalls(endpoint) }));
}

function whoCalls({ dialect, owner, role }: Endpoint): string {
  if (dialect === 'partner') return 'With a key pair of the partner.';
  if (owner === 'gateway') return 'What a key may do, and how to find out.';
  return role === 'public' ? 'Without a key.' : `With a key of the role ${role}.`;
}

/** Without what nothing refers to: an API without lists has no pages. */
function usedOf(
  components: Readonly<Record<string, Record<string, JsonSchema>>>,
  paths: JsonSchema,
): Record<string, Record<string, JsonSchema>> {
  const text = JSON.stringify([paths, components]);
  return Object.fromEntries(
    Object.entries(components).map(([kind, parts]) => [
      kind,
      Object.fromEntries(Object.entries(parts).filter(([name]) => text.includes(`"#/components/${kind}/${name}"`))),
    ]),
  );
}
