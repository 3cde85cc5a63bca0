import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from '@jest/globals';

type Line = { msg: string; step?: string; open?: string[] };

/** Starts it, sends the signals, and gives its exit code and what it logged. */
async function stop(how: string, signals: readonly NodeJS.Signals[] = ['SIGTERM']) {
  const child = spawn(process.execPath, [resolve(import.meta.dirname, 'stopping.ts'), how], {
    env: { PATH: process.env['PATH'] },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: Line[] = [];
  const ended = once(child, 'exit');
  for await (const text of createInterface({ input: child.stdout })) {
    const line = JSON.parse(text) as Line;
    lines.push(line);
    if (line.msg === 'up') child.kill(signals[0]);
    if (line.msg === 'stopping' && signals[1]) child.kill(signals[1]);
  }
  const [code] = (await ended) as [number | null];
  return { code, lines, did: lines.filter(({ msg }) => msg === 'did').map(({ step }) => step) };
}

describe('runUntilSignal', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'runs the steps in order on %s and lets the process end by itself',
    async (signal) => {
      const { code, did } = await stop('well', [signal]);

      expect([code, did]).toEqual([0, ['first', 'third']]);
    },
  );

  it.each(['fails', 'hangs'])('goes on when a step %s, and says which one', async (how) => {
    const { code, did, lines } = await stop(how);

    expect([code, did]).toEqual([0, ['first', 'third']]);
    expect(lines.find(({ msg }) => msg === 'a step did not stop')).toMatchObject({ step: 'second' });
  });

  it('says what is open when the process does not end, and ends it', async () => {
    const { code, lines } = await stop('leaks');

    expect(code).toBe(1);
    expect(lines.find(({ msg }) => msg === 'something is still open')?.open).toContain('Timeout');
  });

  it('ends at once on a second SIGINT', async () => {
    const { code } = await stop('is asked twice', ['SIGINT', 'SIGINT']);

    expect(code).toBe(130);
  });

  it('is not hurried by the SIGTERM that follows a Ctrl-C', async () => {
    const { code, did } = await stop('hangs', ['SIGINT', 'SIGTERM']);

    expect([code, did]).toEqual([0, ['first', 'third']]);
  });
});
