import { newId, voucherBatchCreated, type EventData } from '@punchcard/contracts';
import type { OutboxRow } from '@punchcard/messaging';
import type { Batch } from './rules.ts';

/** That all codes of a batch are there. */
export function announceBatch({ partnerId, batchId, name, count, template }: Batch, now: Date): OutboxRow {
  const data: EventData<typeof voucherBatchCreated> = {
    batch_id: batchId,
    club_id: template.clubId,
    name,
    count,
    created_at: now.toISOString(),
  };
  return {
    ...{ event: voucherBatchCreated, eventId: newId(), partnerId, key: partnerId, sequence: 1 },
    ...{ data, time: now, subject: batchId },
  };
}
