import { describe, expect, it } from '@jest/globals';
import { createLog } from '@punchcard/service-kit';
import { createKeyUse, type Used } from './key-use.ts';

function givenKeyUse() {
  const recorded: Used[] = [];
  const partners = { isDown: false };
  const clock = { ms: Date.parse('2026-03-08T09:15:42.000Z') };
  const use = createKeyUse({
    record: (used) => {
      if (partners.isDown) return Promise.reject(new Error('down'));
      recorded.push(...used);
      return Promise.resolve();
    },
    log: createLog('test', { level: 'silent' }),
    now: () => clock.ms,
  });
  return { use, recorded, partners, clock };
}

describe('createKeyUse', () => {
  it('tells when each key was last used, to the minute, once', async () => {
    const { use, recorded, clock } = givenKeyUse();

    use.note('a');
    use.note('a');
    clock.ms += 60_000;
    use.note('b');
    await use.flush();
    await use.close();

    expect(recorded).toEqual([
      { id: 'a', at: '2026-03-08T09:15:00.000Z' },
      { id: 'b', at: '2026-03-08T09:16:00.000Z' },
    ]);
    expect(use.lastUsedAt('a')).toBe('2026-03-08T09:15:00.000Z');
    expect(use.lastUsedAt('c')).toBeNull();
  });

  it('keeps what could not be told', async () => {
    const { use, recorded, partners } = givenKeyUse();
    use.note('a');
    partners.isDown = true;
    await use.flush();

    partners.isDown = false;
    await use.close();

    expect(recorded).toEqual([{ id: 'a', at: '2026-03-08T09:15:00.000Z' }]);
  });

  it('is not held up by keys that it forgot while they could not be told', async () => {
    const { use, recorded, partners } = givenKeyUse();
    for (let n = 0; n < 10; n++) use.note(`old ${n}`);
    partners.isDown = true;
    const failing = use.flush();
    for (let n = 0; n < 100_000; n++) use.note(`new ${n}`);
    await failing;

    partners.isDown = false;
    for (let n = 0; n < 10; n++) await use.flush();
    await use.close();

    expect(recorded).toHaveLength(100_000);
    expect(use.lastUsedAt('old 0')).toBeNull();
  });
});
