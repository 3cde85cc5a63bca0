import { timerOf, type Log } from '@punchcard/service-kit';
import type { Counter } from 'prom-client';
import type { AuditBuffer } from '../audit/audit-buffer.ts';
import type { Observed } from '../requests/exchange.ts';

/** What counts as the status when the client left before its answer was whole. */
const GONE = 499;
const MAX_PATH = 500;
const MAX_USER_AGENT = 200;

export interface ObserveOptions {
  audit: AuditBuffer;
  refusals: Counter<'endpoint' | 'code'>;
  log: Log;
}

/** Takes note of an exchange that is over: times it, audits it, and logs one line when it went wrong on our side. */
export function createObserve({ audit, refusals, log }: ObserveOptions): (exchange: Observed) => void {
  const timers = new Map<string, ReturnType<typeof timerOf>>();

  return (exchange) => {
    const { request, response, route, code, known, shownPartners } = exchange;
    const status = response.writableFinished ? response.statusCode : GONE;
    const endpoint = route?.endpoint.id ?? 'none';
    let time = timers.get(endpoint);
    if (!time) timers.set(endpoint, (time = timerOf(endpoint)));
    time(status, exchange.startedAt);
    if (code !== null) refusals.inc({ endpoint, code });
    if (status >= 500) logFailure(log, exchange);
    const { 'user-agent': userAgent = null } = request.headers;
    audit.add({
      method: request.method ?? '',
      status,
      code,
      endpointId: route?.endpoint.id ?? null,
      path: exchange.path.slice(0, MAX_PATH),
      requestId: exchange.id,
      address: exchange.address,
      userAgent: userAgent && userAgent.slice(0, MAX_USER_AGENT),
      record: known?.record ?? null,
      shownPartners,
    });
  };
}

function logFailure(log: Log, { request, response, route, id, code, cause, startedAt, known }: Observed): void {
  log.error(
    {
      request_id: id,
      endpoint: route?.endpoint.id,
      service: route?.service ?? 'gateway',
      method: request.method,
      status: response.statusCode,
      code,
      partner_id: known?.record.partner?.id,
      ms: Math.round(performance.now() - startedAt),
      ...(cause === undefined ? {} : { err: cause }),
    },
    'failed',
  );
}
