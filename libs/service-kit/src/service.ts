import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import {
  AppError,
  createRouter,
  newId,
  type Call,
  type Endpoint,
  type Handlers,
  type ServiceName,
} from '@punchcard/contracts';
import type { Express } from 'express';
import type { CallerSecret } from './caller-token.ts';
import { closerOf } from './close-server.ts';
import { dialectOf } from './dialect.ts';
import { createHandle, send, type Arriving, type Handler } from './handle.ts';
import type { Log } from './log.ts';
import { metrics } from './metrics.ts';
import { createOperations } from './operations.ts';
import type { ReadinessCheck } from './readiness.ts';
import { renderError } from './render-error.ts';

/** Longer than any client of ours keeps an idle connection, so that it is never the server that closes one in use. */
const KEEP_ALIVE_MS = 65_000;
/** A body that takes longer is nobody's. */
const REQUEST_MS = 60_000;
/** A caller token and the marks of a partner travel as headers. */
const MAX_HEADER_BYTES = 65_536;

export interface ServiceOptions<E extends Endpoint, H extends Handlers<E>> {
  name: ServiceName;
  /** 0 = any free one. */
  port: number;
  /** Default 127.0.0.1. */
  host?: string;
  endpoints: readonly E[];
  /** One per endpoint; one too many does not compile either. */
  handlers: H & Record<Exclude<keyof H, E['id']>, never>;
  callerSecrets: readonly CallerSecret[];
  log: Log;
  ready: Readonly<Record<string, ReadinessCheck>>;
  /** Runs between parsing and the handler, e.g. to wait for marks. What it throws is the answer. */
  beforeHandler?: (call: Call) => Promise<unknown>;
  /** Whether what was thrown means that the store is away: 503 then, not 500. */
  isUnavailable?: (thrown: unknown) => boolean;
}

export interface Service {
  listen(): Promise<{ port: number }>;
  /** Takes no new requests and lets those under way end. */
  close(): Promise<void>;
}

interface Mounted {
  method: string;
  path: string;
  handle: (arriving: Arriving) => Promise<void>;
}

/**
 * A service: its endpoints on node:http, ahead of Express, which costs 150-180 µs of CPU a request; Express serves health, metrics
 * and what is in no table.
 */
export function createService<const E extends Endpoint, H extends Handlers<E>>(options: ServiceOptions<E, H>): Service {
  const { name, port, host = '127.0.0.1', endpoints, handlers, log, ready } = options;
  metrics.setDefaultLabels({ service: name });
  let isClosing = false;
  const operations = createOperations({ log, ready: { ...ready, open: () => !isClosing } });
  const route = createRouter(endpoints.map((endpoint) => mount(endpoint, handlers, options)));
  const settings = { keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: REQUEST_MS, maxHeaderSize: MAX_HEADER_BYTES };
  const serve = createServe({ route, operations, log });
  const server = createServer(settings, serve);
  const closeServer = closerOf(server);

  return {
    listen: () =>
      new Promise((resolve, reject) => {
        server.once('error', reject).listen(port, host, () => {
          const address = server.address();
          const open = typeof address === 'object' && address ? address.port : port;
          log.info({ port: open, host }, 'listening');
          resolve({ port: open });
        });
      }),
    close: () => {
      isClosing = true;
      return closeServer();
    },
  };
}

function mount<E extends Endpoint, H extends Handlers<E>>(
  endpoint: E,
  handlers: H,
  options: ServiceOptions<E, H>,
): Mounted {
  const handler = handlers[endpoint.id as keyof H] as Handler | undefined;
  if (!handler) throw new Error(`${endpoint.id} has no handler`);
  return { method: endpoint.method, path: endpoint.path, handle: createHandle(endpoint, handler, options) };
}

interface Serving {
  route: ReturnType<typeof createRouter<Mounted>>;
  operations: Express;
  log: Log;
}

const createServe =
  ({ route, operations, log }: Serving) =>
  (request: IncomingMessage, response: ServerResponse): void => {
    const { method = 'GET', url = '/' } = request;
    const at = url.indexOf('?');
    const path = at === -1 ? url : url.slice(0, at);
    const match = route(method, path);
    if (match.found === 'route') {
      const query = at === -1 ? '' : url.slice(at + 1);
      match.route.handle({ request, response, path, query, params: match.params }).catch((thrown: unknown) => {
        // Every throw of a handler is answered in there; what comes here could not be answered.
        log.error({ err: thrown, path: match.route.path }, 'no answer could be written');
        response.destroy();
      });
    } else if (match.found === 'path') {
      const requestId = newId();
      const error = new AppError('METHOD_NOT_ALLOWED', { details: { allowed: match.allowed } });
      const { status, headers, body } = renderError(dialectOf(path), error, requestId);
      send(response, { status, headers: { ...headers, 'x-request-id': requestId }, body });
    } else {
      operations(request, response);
    }
  };
