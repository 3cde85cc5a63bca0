import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import { AppError, newId } from '@punchcard/contracts';
import { dialectOf } from './dialect.ts';
import type { Log } from './log.ts';
import { metrics } from './metrics.ts';
import { createReadiness, type ReadinessCheck } from './readiness.ts';
import { renderError } from './render-error.ts';

export interface OperationsOptions {
  log: Log;
  ready: Readonly<Record<string, ReadinessCheck>>;
  /** Adds routes before the 404 that ends every path. */
  routes?: (app: Express) => void;
}

/** Express with `/health/live`, `/health/ready` and `/metrics`; every other path is 404 in its dialect. */
export function createOperations({ log, ready, routes }: OperationsOptions): Express {
  const app = express().disable('x-powered-by').disable('etag');
  const readiness = createReadiness(ready, log);

  app.get('/health/live', (_request, response) => void response.json({ status: 'live' }));
  app.get('/health/ready', async (_request, response) => {
    const { isReady, checks } = await readiness();
    response.status(isReady ? 200 : 503).json({ status: isReady ? 'ready' : 'not_ready', checks });
  });
  app.get('/metrics', async (_request, response) => {
    response.type(metrics.contentType).send(await metrics.metrics());
  });
  routes?.(app);

  app.use(() => {
    throw new AppError('NOT_FOUND');
  });
  // Express knows an error handler by its four parameters.
  // eslint-disable-next-line max-params -- Express's own signature
  app.use((thrown: unknown, { path }: Request, response: Response, _next: NextFunction) => {
    const requestId = newId();
    const { status, headers, body } = renderError(dialectOf(path), statusError(thrown), requestId);
    if (status >= 500) log.error({ err: thrown, request_id: requestId }, 'failed');
    if (response.headersSent) return void response.destroy();
    response.writeHead(status, { ...headers, 'x-request-id': requestId }).end(JSON.stringify(body));
  });
  return app;
}

/** What Express itself refuses carries a status: a path with broken escapes, most of all. That path names nothing. */
function statusError(thrown: unknown): unknown {
  const status = thrown instanceof Error && 'status' in thrown ? Number(thrown.status) : 500;
  return status >= 400 && status < 500 && !(thrown instanceof AppError)
    ? new AppError('NOT_FOUND', { cause: thrown })
    : thrown;
}
