import { scopesByRole, type Endpoint, type KeyRole } from '@punchcard/contracts';

/** Ids that have the right form and that nobody has. */
export const unknownId = '0195743e-6c00-7c1a-8f53-ffffffffffff';

/** A path of an endpoint, with a value for every parameter. */
export const pathWith = (endpoint: Endpoint, value: (name: string) => string): string =>
  endpoint.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(value(name)));

/** The example's query, which has what is required. */
export function exampleQuery({ example }: Endpoint): string {
  const query = new URLSearchParams((example.query ?? {}) as Record<string, string>).toString();
  return query === '' ? '' : `?${query}`;
}

/** A scope of the endpoint's role that does not open it, or null when every one does. */
export function wrongScope({ role, scopes = [] }: Endpoint): string | null {
  if (role !== 'partner' && role !== 'admin' && role !== 'member') return null;
  const others: readonly string[] = scopesByRole[role as KeyRole];
  return others.find((scope) => scope !== 'admin' && !(scopes as readonly string[]).includes(scope)) ?? null;
}

export const otherRole = ({ role }: Endpoint): 'partner' | 'admin' => (role === 'partner' ? 'admin' : 'partner');

/** Fields of the example's body, each with a value of another type. */
export function badTypes({ example }: Endpoint): [field: string, body: Record<string, unknown>][] {
  const body = (example.body ?? {}) as Record<string, unknown>;
  return Object.entries(body).map(([field, value]) => [
    field,
    { ...body, [field]: typeof value === 'number' ? String(value) : typeof value === 'boolean' ? 1 : 17 },
  ]);
}

/** Takes a body of fields in our own envelope; what speaks JSON-RPC answers a bad body in its own words, shown in tools.e2e.test.ts. */
export const takesFields = ({ id, body }: Endpoint): boolean => body !== undefined && id !== 'agent.mcp';

/** Top-level fields that the body's schema says are missing in `{}`. */
export function requiredFields({ body }: Endpoint): string[] {
  const result = body?.safeParse({});
  return result?.success === false ? [...new Set(result.error.issues.map(({ path }) => String(path[0] ?? '_')))] : [];
}
