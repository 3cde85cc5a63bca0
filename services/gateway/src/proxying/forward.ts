import { Readable } from 'node:stream';
import type { DomainService } from '@punchcard/contracts';
import { activeTraceId, CALLER_HEADER, MARKS_HEADER, signRequest } from '@punchcard/service-kit';
import type { Dispatcher } from 'undici';
import type { Exchange } from '../requests/exchange.ts';
import type { Gateway } from '../requests/gateway.ts';
import type { Route } from '../requests/route.ts';
import { bodyKindOf, readWhole, streamOf } from './body.ts';
import { Forwarding } from './forwarding.ts';
import { appendRequestHeaders } from './header-rules.ts';
import { publicCaller } from './public-caller.ts';

const TRACEPARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

export interface Target {
  route: Route;
  service: DomainService;
}

/** Hands a request that was let in to the service that owns it, and its answer back, both as they come. */
export function forward(gateway: Gateway, exchange: Exchange, { route, service }: Target): void {
  const { request, response, path } = exchange;
  // Services answer HEAD like GET, and undici gives up its connection after a HEAD.
  const method = request.method === 'HEAD' ? 'GET' : request.method!;
  const options: Dispatcher.DispatchOptions = { method, path: request.url! };
  const forwarding = new Forwarding({ gateway, exchange, service, options });
  exchange.abort = () => forwarding.abandon();
  // Signed when it goes out: the token lasts for seconds, and a client may take minutes for its body.
  const send = (body: Buffer | Readable | null): void => {
    const headers = headersOf(gateway, exchange, { method, path, service });
    const { 'content-length': length } = request.headers;
    if (body instanceof Readable && length !== undefined) headers.push('content-length', length);
    options.headers = headers;
    forwarding.send(body);
  };
  const kind = bodyKindOf(exchange);
  if (exchange.isContinueExpected && kind !== 'none') {
    exchange.isContinueExpected = false;
    response.writeContinue();
  }
  if (kind === 'whole') {
    readWhole(exchange, send);
  } else if (kind === 'stream') {
    const onStart = () => send(body);
    const body = streamOf(exchange, { maxBytes: route.maxBodyBytes, waiting: forwarding, onStart });
    // undici listens too, and answers; but no longer than its request lasts, and an error without a listener ends the process.
    body.on('error', () => {});
  } else {
    send(null);
  }
}

export interface UpstreamCall {
  method: string;
  path: string;
  service: DomainService;
}

/** Headers of a call to a service in the name of who sent the request, as a flat list. */
export function headersOf(
  { callerSecrets, marks }: Gateway,
  exchange: Exchange,
  { method, path, service }: UpstreamCall,
): string[] {
  const { request, id, address, known } = exchange;
  const call = { audience: service, method, path, request: { request_id: id, ip: address } };
  const token = signRequest(known?.caller ?? publicCaller, call, callerSecrets);
  const list = [CALLER_HEADER, token, 'x-request-id', id];
  const mark = known?.caller.partner_id ? marks.headerFor(known.caller.partner_id) : undefined;
  if (mark !== undefined) list.push(MARKS_HEADER, mark);
  appendRequestHeaders(list, request.headers as Record<string, string | string[] | undefined>);
  appendTrace(list, request.headers);
  return list;
}

/** With tracing on, the instrumentation of undici writes the header, of our own span. */
function appendTrace(list: string[], { traceparent, tracestate }: NodeJS.Dict<string | string[]>): void {
  if (typeof traceparent !== 'string' || !TRACEPARENT.test(traceparent) || activeTraceId() !== undefined) return;
  list.push('traceparent', traceparent);
  if (typeof tracestate === 'string') list.push('tracestate', tracestate);
}
