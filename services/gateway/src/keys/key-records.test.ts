import { describe, expect, it } from '@jest/globals';
import { AppError, type KeyRecord } from '@punchcard/contracts';
import { createLog } from '@punchcard/service-kit';
import { givenKeyRecord } from '../../test/given.ts';
import { createKeyRecords } from './key-records.ts';
import { toKnownKey } from './known-key.ts';

const key = (n: number) => `rl_agent_${String(n).padStart(40, '0')}`;

/** A `partners` that knows one key; what it answers can be changed, held back or made to fail. */
function givenRecords(record: KeyRecord | null = givenKeyRecord(), random = () => 0) {
  const partners = { record, asked: 0, isDown: false, hold: null as Promise<void> | null };
  const clock = { ms: 0 };
  const records = createKeyRecords({
    ask: async () => {
      partners.asked++;
      const answer = partners.record;
      if (partners.isDown) throw new AppError('SERVICE_UNAVAILABLE', { details: { service: 'partners' } });
      await partners.hold;
      return answer;
    },
    toKnownKey: toKnownKey({ isStaging: false }),
    pepper: 'p'.repeat(32),
    log: createLog('test', { level: 'silent' }),
    now: () => clock.ms,
    random,
  });
  records.close();
  const find = async (n = 1) => {
    const found = records.find('agent_key', key(n));
    return found === undefined ? await records.ask('agent_key', key(n)) : await found;
  };
  return { partners, clock, records, find };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('createKeyRecords', () => {
  it('asks once for a key and serves it from memory for 20 s at most', async () => {
    const { partners, clock, records, find } = givenRecords();

    await find();
    clock.ms = 19_999;

    expect(records.find('agent_key', key(1))).toMatchObject({ record: { name: 'Till 1' } });
    expect(partners.asked).toBe(1);
  });

  it('shares one look-up among all who ask at once', async () => {
    const { partners, find } = givenRecords();

    await Promise.all([find(), find(), find()]);

    expect(partners.asked).toBe(1);
  });

  it('refreshes in the background from 20 s at the latest, and lets callers wait from 25 s', async () => {
    const { partners, clock, records, find } = givenRecords();
    await find();

    clock.ms = 21_000;
    partners.record = givenKeyRecord({ name: 'Till 2' });
    expect(records.find('agent_key', key(1))).toMatchObject({ record: { name: 'Till 1' } });
    await settled();
    expect(records.find('agent_key', key(1))).toMatchObject({ record: { name: 'Till 2' } });

    clock.ms = 21_000 + 26_000;
    partners.record = null;
    expect(await records.find('agent_key', key(1))).toBeNull();
  });

  it('refreshes keys that came together one after the other, from 15 s', async () => {
    const hastes = [0.2, 0.8, 0.5];
    const { partners, clock, find } = givenRecords(givenKeyRecord(), () => hastes.shift() ?? 0);
    const keys = [1, 2, 3];
    for (const n of keys) await find(n);

    const asked = [];
    for (const ms of [15_999, 16_001, 17_501, 19_001]) {
      clock.ms = ms;
      for (const n of keys) await find(n);
      asked.push(partners.asked - keys.length);
    }

    expect(asked).toEqual([0, 1, 2, 3]);
  });

  it('remembers for 5 s that a key does not exist', async () => {
    const { partners, clock, records, find } = givenRecords(null);
    await find();

    clock.ms = 4_999;
    expect(records.find('agent_key', key(1))).toBeNull();
    clock.ms = 5_001;
    expect(records.find('agent_key', key(1))).toBeUndefined();
    expect(partners.asked).toBe(1);
  });

  it('remembers at most 10,000 keys that do not exist', async () => {
    const { records, find } = givenRecords(null);

    for (let n = 0; n < 10_001; n++) await find(n);

    expect(records.find('agent_key', key(0))).toBeUndefined();
    expect(records.find('agent_key', key(1))).toBeNull();
  });

  it.each([
    ['key', givenKeyRecord().key_id],
    ['partner', givenKeyRecord().partner!.id],
  ])('forgets at once what belongs to an invalidated %s', async (_name, id) => {
    const { records, find } = givenRecords();
    await find();

    records.forget(id);

    expect(records.find('agent_key', key(1))).toBeUndefined();
  });

  it('keeps no answer that was read before a change arrived, and gives it to nobody who came after', async () => {
    const { partners, records, find } = givenRecords();
    let release = () => {};
    partners.hold = new Promise((resolve) => (release = resolve));
    const before = find();

    partners.record = givenKeyRecord({ name: 'Till 2' });
    records.forget(givenKeyRecord().key_id);
    const after = find();
    release();

    expect(await before).toMatchObject({ record: { name: 'Till 1' } });
    expect(await after).toMatchObject({ record: { name: 'Till 2' } });
    expect(records.find('agent_key', key(1))).toMatchObject({ record: { name: 'Till 2' } });
  });

  it('asks again before it serves a key once notices may have been lost', async () => {
    const { partners, records, find } = givenRecords();
    await find();
    partners.record = givenKeyRecord({ revoked_at: '2026-03-08T09:00:00.000Z' });

    records.doubtAll();

    expect(await find()).toMatchObject({ record: { revoked_at: '2026-03-08T09:00:00.000Z' } });
  });

  it('serves known keys for 15 min while partners is down, then no more', async () => {
    const { partners, clock, records, find } = givenRecords();
    await find();
    partners.isDown = true;

    clock.ms = 14 * 60_000;
    expect(await find()).toMatchObject({ record: { name: 'Till 1' } });
    expect(records.find('agent_key', key(1))).toMatchObject({ record: { name: 'Till 1' } });
    expect(records.stats().failedRefreshes).toBe(1);

    clock.ms = 15 * 60_000 + 1;
    await expect(find()).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  });

  it('lets no caller wait for a partners that was down a second ago', async () => {
    const { partners, clock, records, find } = givenRecords();
    await find();
    partners.isDown = true;
    clock.ms = 30_000;
    await find();

    clock.ms = 31_500;
    expect(records.find('agent_key', key(1))).toMatchObject({ record: { name: 'Till 1' } });
    expect(records.find('agent_key', key(1))).toMatchObject({ record: { name: 'Till 1' } });
    expect(partners.asked).toBe(3);
  });

  it('lets callers wait but a moment for a partners that does not answer, and then none', async () => {
    const { partners, clock, records, find } = givenRecords();
    await find();
    partners.hold = new Promise(() => {});
    clock.ms = 26_000;

    expect(await records.find('agent_key', key(1))).toMatchObject({ record: { name: 'Till 1' } });
    clock.ms = 26_500;
    expect(records.find('agent_key', key(1))).toMatchObject({ record: { name: 'Till 1' } });
  });

  it('does not serve as it was what was forgotten while partners could not be asked', async () => {
    const { partners, clock, records, find } = givenRecords();
    await find();
    let fail = () => {};
    partners.hold = new Promise((_resolve, reject) => (fail = () => reject(new Error('down'))));
    clock.ms = 26_000;
    const waiting = find();

    records.forget(givenKeyRecord().key_id);
    fail();

    await expect(waiting).rejects.toThrow('down');
  });

  it('refuses a key it has never seen while partners is down', async () => {
    const { partners, find } = givenRecords();
    partners.isDown = true;

    await expect(find()).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  });
});
