import { createRouter, endpoints, type DomainService, type Endpoint, type Match } from '@punchcard/contracts';

const DEFAULT_MAX_BODY_BYTES = 2 ** 20;

/** One endpoint as the gateway serves it. */
export interface Route {
  method: Endpoint['method'];
  path: Endpoint['path'];
  endpoint: Endpoint;
  dialect: 'agent' | 'partner';
  /** Where it is forwarded to; null for what the gateway answers itself. */
  service: DomainService | null;
  maxBodyBytes: number;
}

/** The public part of the contract's table; `internal` endpoints are nobody's path here. */
export const publicRoutes = (table: readonly Endpoint[] = endpoints): Route[] =>
  table.flatMap((endpoint) => (endpoint.dialect === 'internal' ? [] : [toRoute(endpoint, endpoint.dialect)]));

/** To an endpoint that is nobody's path here: the gateway asks it in place of one that the caller may call. */
export const innerRoute = (endpoint: Endpoint): Route => toRoute(endpoint, 'agent');

const toRoute = (endpoint: Endpoint, dialect: Route['dialect']): Route => ({
  method: endpoint.method,
  path: endpoint.path,
  endpoint,
  dialect,
  service: endpoint.owner === 'gateway' ? null : endpoint.owner,
  maxBodyBytes: endpoint.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES,
});

export type FindRoute = (method: string, path: string) => Match<Route>;

export const createFindRoute = (routes: readonly Route[]): FindRoute => createRouter(routes);
