import { describe, expect, it } from '@jest/globals';
import { PLATFORM_ID } from '@punchcard/contracts';
import { createLog } from '@punchcard/service-kit';
import { givenKeyRecord } from '../../test/given.ts';
import { createAuditBuffer } from './audit-buffer.ts';
import type { AuditEntry, Ended } from './audit-rules.ts';

const ended = (changes: Partial<Ended> = {}): Ended => ({
  method: 'GET',
  status: 200,
  code: null,
  endpointId: 'agent.clubs.list',
  path: '/api/agent/v1/partner/clubs',
  requestId: 'r1',
  address: '192.0.2.1',
  userAgent: null,
  record: givenKeyRecord(),
  shownPartners: [],
  ...changes,
});

function givenBuffer() {
  const sent: (readonly [string, AuditEntry[]])[] = [];
  const kafka = { isAway: false };
  const clock = { ms: 0 };
  const buffer = createAuditBuffer({
    send: (batches) => {
      if (kafka.isAway) return Promise.reject(new Error('away'));
      sent.push(...batches);
      return Promise.resolve();
    },
    log: createLog('test', { level: 'silent' }),
    now: () => clock.ms,
  });
  return { buffer, sent, kafka, clock };
}

describe('createAuditBuffer', () => {
  it('sends who did what with which result, in the trail of the partner', async () => {
    const { buffer, sent } = givenBuffer();

    buffer.add(ended());
    buffer.add(ended({ status: 401, code: 'AUTH_MISSING_KEY', record: null }));
    await buffer.close();

    expect(sent.map(([partnerId]) => partnerId)).toEqual([givenKeyRecord().partner!.id, PLATFORM_ID]);
    expect(sent[0]![1]).toEqual([
      expect.objectContaining({ action: 'agent.clubs.list', result: 'ok', actor_type: 'agent_key', request_id: 'r1' }),
    ]);
    expect(sent[1]![1]).toEqual([
      expect.objectContaining({
        result: 'refused',
        error_code: 'AUTH_MISSING_KEY',
        actor_type: 'public',
        actor_id: null,
      }),
    ]);
  });

  it('stands in the trail of the caller, and of each partner whose rows the answer showed', async () => {
    const { buffer, sent } = givenBuffer();
    const admin = { ...givenKeyRecord(), role: 'admin' as const, partner: null };

    buffer.add(ended({ endpointId: 'agent.admin.members.list', record: admin, shownPartners: ['a', 'b'] }));
    await buffer.close();

    expect(sent.map(([partnerId, entries]) => [partnerId, entries.map(({ action }) => action)])).toEqual([
      [PLATFORM_ID, ['agent.admin.members.list']],
      ['a', ['agent.admin.members.list']],
      ['b', ['agent.admin.members.list']],
    ]);
  });

  it('has every request, writes that were done among them', async () => {
    const { buffer, sent } = givenBuffer();

    buffer.add(ended({ method: 'GET', status: 200 }));
    buffer.add(ended({ method: 'POST', status: 201 }));
    buffer.add(ended({ method: 'POST', status: 422 }));
    await buffer.close();

    expect(sent.flatMap(([, entries]) => entries.map(({ status }) => status))).toEqual([200, 201, 422]);
  });

  it('keeps entries while Kafka is away, and drops and counts those older than a minute', async () => {
    const { buffer, kafka, clock } = givenBuffer();
    kafka.isAway = true;
    buffer.add(ended());
    clock.ms = 60_000;
    buffer.add(ended());

    clock.ms = 60_001;
    await buffer.close();

    expect(buffer.stats()).toEqual({ waiting: 1, dropped: 1 });
  });
});
