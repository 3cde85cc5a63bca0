import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { closerOf } from '@punchcard/service-kit';
import type { Express } from 'express';
import { answerClientError, type ParseError } from './requests/client-errors.ts';
import type { FindRoute } from './requests/route.ts';

/** Longer than load balancers keep an idle connection, so that it is never the gateway that closes one in use. */
const KEEP_ALIVE_MS = 75_000;
/** For 64 MiB from a slow shop. */
const REQUEST_MS = 300_000;
/** A connection on which nothing moves; longer than a service may think. */
const SILENCE_MS = 120_000;
/** A list of a thousand ids fits into a query; services take a quarter more, since the caller's token comes with it. */
const MAX_HEADER_BYTES = 49_152;

export interface ServerOptions {
  /** Takes what is in the contract's table; false for the rest. */
  hot: (request: IncomingMessage, response: ServerResponse, isContinueExpected?: boolean) => boolean;
  /** Health and metrics. */
  app: Express;
  findRoute: FindRoute;
}

export interface HttpServer {
  listen(port: number, host: string): Promise<{ port: number }>;
  isClosing(): boolean;
  /** Takes no new requests, lets those under way end. */
  close(): Promise<void>;
}

/** The gateway's own server: the hot path ahead of Express, which costs twice as much as everything else that a request needs. */
export function createHttpServer({ hot, app, findRoute }: ServerOptions): HttpServer {
  let isClosing = false;
  const serve = (request: IncomingMessage, response: ServerResponse, isContinueExpected = false): void => {
    if (isClosing) response.shouldKeepAlive = false;
    if (!hot(request, response, isContinueExpected)) app(request, response);
  };
  const settings = { keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: REQUEST_MS, maxHeaderSize: MAX_HEADER_BYTES };
  const server = createServer(settings, (request, response) => serve(request, response));
  const closeServer = closerOf(server);
  server.timeout = SILENCE_MS;
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => serve(request, response, true));
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => serve(request, response));
  server.on('clientError', (error: ParseError, socket) => answerClientError(error, socket, findRoute));

  return {
    listen: (port, host) => listen(server, port, host),
    isClosing: () => isClosing,
    close: () => {
      isClosing = true;
      return closeServer();
    },
  };
}

function listen(server: Server, port: number, host: string): Promise<{ port: number }> {
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(port, host, () => {
      const address = server.address();
      resolve({ port: typeof address === 'object' && address ? address.port : port });
    });
  });
}
