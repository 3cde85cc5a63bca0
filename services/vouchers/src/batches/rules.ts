import { AppError, type PartnerGates } from '@punchcard/contracts';
import { newTerms, type NewTermFields, type Terms } from '../vouchers/rules.ts';
import type { CodeForm } from './pattern-rules.ts';

export type BatchStatus = 'queued' | 'running' | 'completed' | 'failed';

export interface BatchKey {
  partnerId: string;
  batchId: string;
}

/** Many unique codes from one template. */
export interface Batch extends BatchKey, CodeForm {
  name: string;
  status: BatchStatus;
  count: number;
  template: Terms;
  /** Null when the codes were made with the answer. */
  jobId: string | null;
  failure: { code: string; message: string } | null;
  createdAt: Date;
  updatedAt: Date;
  completedAt: Date | null;
}

/** Up to so many codes are made with the answer. */
export const AT_ONCE = 1_000;

/** The terms of every code; each can be redeemed once unless it says otherwise. */
export const templateOf = (fields: NewTermFields, currency: string): Terms =>
  newTerms({ maxUsesTotal: 1, ...fields }, { currency, path: 'template.' });

/** 403 when so many more would pass the partner's limit. */
export function requireRoomFor(gates: PartnerGates, count: number, current: number): void {
  const { vouchers_limit: limit } = gates;
  if (limit !== -1 && current + count > limit) {
    throw new AppError('LIMIT_REACHED', { details: { limit_name: 'vouchers_limit', limit, current } });
  }
}

/** 409 while its codes are not there. */
export function requireCompleted({ status }: Batch): void {
  if (status !== 'completed') {
    throw new AppError('CONFLICT', { details: { reason: 'not_completed', current_state: status } });
  }
}
