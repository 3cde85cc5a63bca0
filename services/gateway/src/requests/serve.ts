import type { IncomingMessage, ServerResponse } from 'node:http';
import { AppError, errorRow } from '@punchcard/contracts';
import { checkMedia, nameRoute, parseQuery, toAppError } from '@punchcard/service-kit';
import { checkAccess, checkAgentApi } from '../access/rules.ts';
import { subjectOfAddress, subjectOfFailures } from '../access/subject-rules.ts';
import type { KnownKey } from '../keys/known-key.ts';
import type { Admission } from '../limits/admission.ts';
import { forward } from '../proxying/forward.ts';
import { noteAdmission, tooMany } from './admit.ts';
import { answerError, answerOptions } from './answer.ts';
import { authenticate } from './authenticate.ts';
import { Exchange } from './exchange.ts';
import type { Gateway } from './gateway.ts';
import { requestIdOf } from './request-id.ts';
import { createFindRoute, type Route } from './route.ts';

export type AddressReader = (request: IncomingMessage) => string;

/**
 * Serves what is in the contract's table, in the contract's order of checks (1.3). Steps go on in the same turn of the event loop
 * unless something must be asked: a key that is not in memory, or Redis for a limit.
 * @returns a function that takes a request; false: it is about the gateway itself (health, metrics), and nothing was done
 */
export function createServe(gateway: Gateway, addressOf: AddressReader) {
  const findRoute = createFindRoute(gateway.routes);

  return (request: IncomingMessage, response: ServerResponse, isContinueExpected = false): boolean => {
    const { method = 'GET', url = '/', headers } = request;
    const at = url.indexOf('?');
    const path = at === -1 ? url : url.slice(0, at);
    if (isAboutTheGateway(path)) return false;
    const match = findRoute(method, path);
    const exchange = new Exchange({
      request,
      response,
      path,
      route: match.found === 'route' ? match.route : null,
      id: requestIdOf(headers['x-request-id']),
      address: addressOf(request),
      isContinueExpected,
    });
    response.on('close', () => end(gateway, exchange));
    if (match.found === 'route') start(gateway, exchange, match.route);
    else if (match.found === 'nothing') refuse(gateway, exchange, new AppError('NOT_FOUND'));
    else offer(gateway, exchange, match.allowed);
    return true;
  };
}

const isAboutTheGateway = (path: string): boolean =>
  path === '/health/live' || path === '/health/ready' || path === '/metrics';

/** A known path with a method that it does not have. */
function offer(gateway: Gateway, exchange: Exchange, allowed: readonly string[]): void {
  if (exchange.request.method !== 'OPTIONS') {
    return refuse(gateway, exchange, new AppError('METHOD_NOT_ALLOWED', { details: { allowed } }));
  }
  goOn(gateway, exchange, {
    from: gateway.limiter.peek(subjectOfFailures(exchange.address, gateway.limits)),
    to: ({ state }) => {
      exchange.limits = state;
      answerOptions(exchange, allowed);
    },
  });
}

function start(gateway: Gateway, exchange: Exchange, route: Route): void {
  try {
    nameRoute(route.path);
    checkMedia(exchange.request.headers, route.maxBodyBytes);
    if (route.endpoint.role === 'public') return letPublicIn(gateway, exchange, route);
    goOn(gateway, exchange, {
      from: authenticate(gateway, exchange),
      to: (known) => letKeyIn(gateway, exchange, { route, known }),
    });
  } catch (thrown) {
    refuse(gateway, exchange, thrown);
  }
}

function letKeyIn(gateway: Gateway, exchange: Exchange, { route, known }: { route: Route; known: KnownKey }): void {
  const partnerId = exchange.request.headers['x-partner-id'];
  checkAccess(
    {
      endpoint: route.endpoint,
      record: known.record,
      partnerId: partnerId === undefined ? undefined : String(partnerId),
    },
    gateway.access,
  );
  goOn(gateway, exchange, {
    from: gateway.limiter.admit(known.subject),
    to: (admission) => {
      if (!noteAdmission(exchange, admission)) throw tooMany(admission);
      proceed(gateway, exchange, route);
    },
  });
}

function letPublicIn(gateway: Gateway, exchange: Exchange, route: Route): void {
  const { publicLimit = 'docs', dialect } = route.endpoint;
  if (dialect === 'agent') checkAgentApi(gateway.access);
  goOn(gateway, exchange, {
    from: gateway.limiter.admit(subjectOfAddress(exchange.address, publicLimit, gateway.limits)),
    to: (admission) => {
      if (!noteAdmission(exchange, admission)) throw tooMany(admission, publicLimit === 'login' ? 'login' : 'ip');
      proceed(gateway, exchange, route);
    },
  });
}

/** Everything was checked. */
function proceed(gateway: Gateway, exchange: Exchange, route: Route): void {
  if (exchange.isClosed) return;
  if (route.service !== null) return forward(gateway, exchange, { route, service: route.service });
  const answer = gateway.ownAnswers[route.endpoint.id];
  if (!answer) throw new Error(`${route.endpoint.id} has no answer`);
  const { url = '' } = exchange.request;
  const query = parseQuery(route.endpoint, url.slice(exchange.path.length + 1));
  goOn(gateway, exchange, { from: answer(exchange, query), to: () => {} });
}

/** Takes the next step: at once with a value, later with a promise. What either throws is the answer. */
function goOn<T>(gateway: Gateway, exchange: Exchange, step: { from: T | Promise<T>; to: (value: T) => void }): void {
  const { from, to } = step;
  if (from instanceof Promise) void from.then(to).catch((thrown: unknown) => refuse(gateway, exchange, thrown));
  else to(from);
}

/** Answers a refusal. What it is counted against depends on how far the request came (contract 1.4). */
function refuse(gateway: Gateway, exchange: Exchange, thrown: unknown): void {
  if (exchange.limits) return answerError(exchange, thrown);
  countRefusal(gateway, exchange, thrown).then(
    (error) => answerError(exchange, error),
    (failure: unknown) => answerError(exchange, failure),
  );
}

async function countRefusal({ limiter, limits }: Gateway, exchange: Exchange, thrown: unknown): Promise<unknown> {
  if (exchange.known) {
    // Authenticated, so it counts, whatever the answer.
    const admission = await limiter.admit(exchange.known.subject);
    exchange.limits = admission.state;
    if (admission.admitted) admission.release();
    return thrown;
  }
  const failures = subjectOfFailures(exchange.address, limits);
  const isFailure = errorRow(toAppError(thrown).code).status === 401;
  const admission: Admission = await (isFailure ? limiter.count(failures) : limiter.peek(failures));
  exchange.limits = admission.state;
  return isFailure && !admission.admitted ? tooMany(admission, 'ip') : thrown;
}

function end(gateway: Gateway, exchange: Exchange): void {
  exchange.isClosed = true;
  exchange.release?.();
  exchange.abort?.();
  gateway.observe(exchange);
}
