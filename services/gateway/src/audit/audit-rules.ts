import { PLATFORM_ID, type ErrorCode, type KeyRecord } from '@punchcard/contracts';

/** What is known of a request when it is over. */
export interface Ended {
  method: string;
  status: number;
  code: ErrorCode | null;
  endpointId: string | null;
  path: string;
  requestId: string;
  address: string;
  userAgent: string | null;
  record: KeyRecord | null;
  /** Whose rows the answer showed, besides the caller's own. */
  shownPartners: readonly string[];
}

/** One line of the audit trail: who, what, with which result. */
export interface AuditEntry {
  at: string;
  request_id: string;
  /** The endpoint's id; null for a path that is in no table. */
  action: string | null;
  method: string;
  path: string;
  status: number;
  result: 'ok' | 'refused' | 'failed';
  error_code: ErrorCode | null;
  actor_type: 'agent_key' | 'api_key' | 'public';
  actor_id: string | null;
  role: KeyRecord['role'] | null;
  member_id: string | null;
  ip_address: string;
  user_agent: string | null;
}

/** In whose trails it stands: the caller's partner's or the platform's, and those of the partners that were shown. */
export const trailsOf = ({ record, shownPartners }: Ended): string[] => [
  ...new Set([record?.partner?.id ?? PLATFORM_ID, ...shownPartners]),
];

export const auditEntryOf = (ended: Ended, at: Date): AuditEntry => ({
  at: at.toISOString(),
  request_id: ended.requestId,
  action: ended.endpointId,
  method: ended.method,
  path: ended.path,
  status: ended.status,
  result: ended.status < 400 ? 'ok' : ended.status < 500 ? 'refused' : 'failed',
  error_code: ended.code,
  actor_type: ended.record?.kind ?? 'public',
  actor_id: ended.record?.key_id ?? null,
  role: ended.record?.role ?? null,
  member_id: ended.record?.member_id ?? null,
  ip_address: ended.address,
  user_agent: ended.userAgent,
});
