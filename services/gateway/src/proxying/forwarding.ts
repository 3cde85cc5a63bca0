import type { IncomingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import { AppError, type DomainService } from '@punchcard/contracts';
import {
  MARK_HEADER,
  parseShownPartners,
  REPLAYED_HEADER,
  SHOWN_PARTNERS_HEADER,
  TOKEN_REFUSED_HEADER,
} from '@punchcard/service-kit';
import type { Dispatcher } from 'undici';
import { answerError, commonHeaders } from '../requests/answer.ts';
import type { Exchange } from '../requests/exchange.ts';
import type { Gateway } from '../requests/gateway.ts';
import { appendAnswerHeaders } from './header-rules.ts';
import type { Waiting } from './waiting-room.ts';

export interface ForwardingOptions {
  gateway: Gateway;
  exchange: Exchange;
  service: DomainService;
  options: Dispatcher.DispatchOptions;
}

/** Failures of a kept connection that the service had closed when the request was written to it. */
const CLOSED_UNDER_US = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);

/** One request at a service. A class because undici calls it: one object a request, and no closures. */
export class Forwarding implements Dispatcher.DispatchHandler, Waiting {
  waitingSince = 0;
  place = -1;
  readonly #gateway: Gateway;
  readonly #exchange: Exchange;
  readonly #service: DomainService;
  readonly #options: Dispatcher.DispatchOptions;
  #controller: Dispatcher.DispatchController | null = null;
  #status = 0;
  #headers: string[] = [];
  /** As the service announced it; -1: it did not. */
  #length = -1;
  /** The whole body of an answer, held back so that it leaves in one write with its head. */
  #whole: Buffer | null = null;
  #isOver = false;
  #isRetried = false;

  constructor({ gateway, exchange, service, options }: ForwardingOptions) {
    this.#gateway = gateway;
    this.#exchange = exchange;
    this.#service = service;
    this.#options = options;
  }

  send(body: Buffer | Readable | null): void {
    if (this.#isOver) return;
    const { waiting, poolOf } = this.#gateway.upstreams;
    this.#options.body = body;
    this.waitingSince = performance.now();
    waiting.enter(this);
    poolOf(this.#service).dispatch(this.#options, this);
  }

  /** The client has left. */
  abandon(): void {
    if (!this.#isOver) this.#stop(new Error('The client left'));
  }

  expire(): void {
    if (this.#status === 0) this.#fail(new AppError('UPSTREAM_TIMEOUT', { details: { service: this.#service } }));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // It was over while it waited for a connection.
    if (this.#isOver) controller.abort(new Error('No longer wanted'));
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    if (status < 200 || this.#isOver) return;
    // Between us and the service: the client's credentials were good.
    if (headers[TOKEN_REFUSED_HEADER] !== undefined) {
      return this.#fail(this.#unavailable(new Error(`${this.#service} refused the token of the gateway`)));
    }
    this.#gateway.upstreams.waiting.leave(this);
    this.#status = status;
    this.#length = headers['content-length'] === undefined ? -1 : Number(headers['content-length']);
    this.#headers = this.#headersFor(headers as Record<string, string | string[]>);
    if (this.#length !== -1) return;
    // A stream may take its time until the first piece of its body.
    this.#writeHead();
    this.#exchange.response.flushHeaders();
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    const { response, request } = this.#exchange;
    if (this.#isOver || request.method === 'HEAD') return;
    if (chunk.length === this.#length) {
      this.#whole = chunk;
      return;
    }
    this.#writeHead();
    if (response.write(chunk)) return;
    controller.pause();
    response.once('drain', () => controller.resume());
  }

  onResponseEnd(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#writeHead();
    // As text it leaves in one write with the head; as a Buffer it would take two.
    if (this.#whole) this.#exchange.response.end(this.#whole.toString('latin1'), 'latin1');
    else this.#exchange.response.end();
    // It answered before it had read all of the body.
    const { body } = this.#options;
    if (body instanceof Readable && !body.readableEnded) body.destroy();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.#isOver) return;
    if (this.#mayRetry(error)) {
      this.#isRetried = true;
      return void this.#gateway.upstreams.poolOf(this.#service).dispatch(this.#options, this);
    }
    this.#stop(error);
    // Once something of the answer is out, only a broken connection tells the client that the rest is missing.
    const { response } = this.#exchange;
    if (response.headersSent) return void response.destroy();
    this.#status = 0;
    answerError(this.#exchange, error instanceof AppError ? error : this.#unavailable(error));
  }

  #fail(error: AppError): void {
    this.#stop(error);
    answerError(this.#exchange, error);
  }

  #stop(reason: Error): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#gateway.upstreams.waiting.leave(this);
    this.#controller?.abort(reason);
  }

  /** A read that met a connection which the service had just closed. Writes are never repeated: they may have been done. */
  #mayRetry(error: Error): boolean {
    const isRead = this.#options.method === 'GET';
    return (
      isRead && !this.#isRetried && this.#status === 0 && CLOSED_UNDER_US.has((error as { code?: string }).code ?? '')
    );
  }

  #unavailable(cause: Error): AppError {
    return new AppError('SERVICE_UNAVAILABLE', { details: { service: this.#service }, retryAfter: 1, cause });
  }

  #headersFor(headers: Record<string, string | string[]>): string[] {
    const list = commonHeaders(this.#exchange);
    appendAnswerHeaders(list, headers);
    if (headers[REPLAYED_HEADER] === 'true') list.push('Idempotency-Replayed', 'true');
    const shown = headers[SHOWN_PARTNERS_HEADER];
    if (typeof shown === 'string') this.#exchange.shownPartners = parseShownPartners(shown);
    const mark = headers[MARK_HEADER];
    const partnerId = this.#exchange.known?.caller.partner_id;
    if (typeof mark === 'string' && partnerId) this.#gateway.marks.remember(partnerId, mark);
    return list;
  }

  #writeHead(): void {
    const { response } = this.#exchange;
    if (!response.headersSent) response.writeHead(this.#status, this.#headers);
  }
}
