import { newId, type Caller, type CallerPartner } from '@punchcard/contracts';
import { context, trace } from '@opentelemetry/api';
import { getRPCMetadata, RPCType } from '@opentelemetry/core';

export interface SystemCaller {
  partnerId?: string | null;
  partner?: CallerPartner | null;
  requestId?: string;
}

/** One of our services acting for itself, for a partner if one is named. */
export const systemCaller = ({ partnerId, partner = null, requestId = newId() }: SystemCaller = {}): Caller => ({
  role: 'system',
  via: 'service',
  partner_id: partnerId ?? partner?.id ?? null,
  member_id: null,
  key_id: null,
  key_name: null,
  scopes: [],
  permissions: [],
  shop_ids: null,
  partner,
  request_id: requestId,
  ip: null,
});

/** The trace that the present work belongs to, if there is one. */
export const activeTraceId = (): string | undefined => trace.getActiveSpan()?.spanContext().traceId;

/** Gives the server's span its route, so that it is called by the path of the table and not by the one that was sent. */
export function nameRoute(path: string): void {
  const metadata = getRPCMetadata(context.active());
  if (metadata?.type === RPCType.HTTP) metadata.route = path;
}
