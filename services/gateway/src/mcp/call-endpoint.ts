import { AppError, type Endpoint, type ErrorCode, type Tool } from '@punchcard/contracts';
import {
  MARK_HEADER,
  parseShownPartners,
  renderError,
  SHOWN_PARTNERS_HEADER,
  toAppError,
  TOKEN_REFUSED_HEADER,
} from '@punchcard/service-kit';
import { checkAccess } from '../access/rules.ts';
import type { KnownKey } from '../keys/known-key.ts';
import { headersOf } from '../proxying/forward.ts';
import { tooMany } from '../requests/admit.ts';
import type { Exchange } from '../requests/exchange.ts';
import type { Gateway } from '../requests/gateway.ts';
import { innerRoute, type Route } from '../requests/route.ts';
import { askedOf, callOf, type EndpointCall } from './argument-rules.ts';

/** What the gateway answers itself, as data. */
export type OwnData = Readonly<Record<string, (known: KnownKey) => Promise<object>>>;

export interface CallOptions {
  gateway: Gateway;
  ownData: OwnData;
  /** Until the head of a service's answer. */
  timeoutMs: number;
}

export interface ToolCall {
  exchange: Exchange;
  tool: Tool;
  given: Readonly<Record<string, unknown>>;
  /** The first call of a request was counted with the request; each further one counts as a call of its own. */
  isCounted: boolean;
  signal: AbortSignal;
}

/** An answer as it would have come over HTTP. */
export interface Called {
  status: number;
  body: Record<string, unknown>;
}

/** Runs the endpoint of a tool with the checks and limits of any call, and notes it as one. Throws nothing: a refusal is an answer. */
export async function callEndpoint(options: CallOptions, call: ToolCall): Promise<Called> {
  const { gateway } = options;
  const { exchange, tool } = call;
  const startedAt = performance.now();
  const noted: Noted = { path: tool.endpoint.path, route: routeTo(gateway, tool.endpoint), shownPartners: [] };
  let called: Called;
  let code: ErrorCode | null = null;
  let cause: unknown;
  try {
    called = await run(options, call, noted);
  } catch (thrown) {
    const refused = renderError('agent', thrown, exchange.id);
    called = { status: refused.status, body: refused.body as Record<string, unknown> };
    code = refused.code;
    cause = toAppError(thrown).cause;
  }
  gateway.observe({
    ...{
      ...noted,
      id: exchange.id,
      address: exchange.address,
      known: exchange.known,
      startedAt,
      code,
      cause,
    },
    request: { method: noted.route?.method ?? tool.endpoint.method, headers: exchange.request.headers },
    response: { statusCode: called.status, writableFinished: true },
  });
  return called;
}

/** What only becomes known on the way, and is noted also of a call that fails. */
interface Noted {
  path: string;
  /** To what was asked in the end: with `dry_run` another endpoint than the tool's. */
  route: Route | null;
  shownPartners: readonly string[];
}

async function run(options: CallOptions, call: ToolCall, noted: Noted): Promise<Called> {
  const { gateway, ownData } = options;
  const { exchange, tool, given, isCounted } = call;
  const { endpoint } = tool;
  const known = exchange.known!;
  checkAccess({ endpoint, record: known.record, partnerId: undefined }, gateway.access);
  const release = isCounted ? null : await admit(gateway, known);
  try {
    const asked = askedOf(tool, given);
    const target = callOf(asked);
    noted.path = target.path;
    const own = ownData[endpoint.id];
    if (own) return { status: 200, body: { error: false, data: await own(known) } };
    const route = asked.isDry ? innerRoute(asked.endpoint) : routeTo(gateway, endpoint);
    noted.route = route;
    if (!route) throw new Error(`${endpoint.id} has no route`);
    const { shownPartners, ...called } = await ask(options, call, { ...target, route });
    noted.shownPartners = shownPartners;
    return called;
  } finally {
    release?.();
  }
}

const routeTo = ({ routes }: Gateway, endpoint: Endpoint): Route | null =>
  routes.find((route) => route.endpoint === endpoint) ?? null;

async function admit({ limiter }: Gateway, { subject }: KnownKey): Promise<() => void> {
  const admission = await limiter.admit(subject);
  if (!admission.admitted) throw tooMany(admission);
  return admission.release;
}

async function ask(
  { gateway, timeoutMs }: CallOptions,
  { exchange, isCounted, signal }: ToolCall,
  { route, path, query, body }: EndpointCall & { route: Route },
): Promise<Called & { shownPartners: string[] }> {
  const { method, service } = route;
  if (service === null) throw new Error(`${route.endpoint.id} has no service`);
  const headers = headersOf(gateway, exchange, { method, path, service });
  // The key of a request names one write: that of its first call.
  const keyAt = headers.indexOf('idempotency-key');
  if (keyAt !== -1 && !isCounted) headers.splice(keyAt, 2);
  const sent = { method, path: path + query, headers, body: written(body), signal };
  try {
    const answer = await gateway.upstreams.poolOf(service).request({ ...sent, headersTimeout: timeoutMs });
    if (answer.headers[TOKEN_REFUSED_HEADER] !== undefined) {
      await answer.body.dump();
      throw new Error(`${service} refused the token of the gateway`);
    }
    const mark = answer.headers[MARK_HEADER];
    const partnerId = exchange.known?.caller.partner_id;
    if (typeof mark === 'string' && partnerId) gateway.marks.remember(partnerId, mark);
    const shown = answer.headers[SHOWN_PARTNERS_HEADER];
    return {
      status: answer.statusCode,
      body: (await answer.body.json()) as Record<string, unknown>,
      shownPartners: typeof shown === 'string' ? parseShownPartners(shown) : [],
    };
  } catch (cause) {
    const isLate = (cause as { code?: string }).code === 'UND_ERR_HEADERS_TIMEOUT';
    throw isLate
      ? new AppError('UPSTREAM_TIMEOUT', { details: { service } })
      : new AppError('SERVICE_UNAVAILABLE', { details: { service }, retryAfter: 1, cause });
  }
}

/** Nested beyond the stack it cannot be written again, nor would its service read it. */
function written(body: EndpointCall['body']): string | null {
  try {
    return body && JSON.stringify(body);
  } catch (cause) {
    throw new AppError('MALFORMED_JSON', { cause });
  }
}
