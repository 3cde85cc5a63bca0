import { describe, expect, it } from '@jest/globals';
import { runSteps } from './progress.ts';

describe('runSteps', () => {
  it('runs steps in order and tells each with its outcome', async () => {
    const lines: string[] = [];
    const step = (title: string, outcome?: string) => ({ title, run: async () => outcome });

    await runSteps([step('a'), { title: 'both', inOrder: [step('b', 'port 1'), step('c')] }], (line) =>
      lines.push(line),
    );

    expect(lines.map((line) => line.replace(/ \(.*/, ''))).toEqual(['a: done', 'b: port 1', 'c: done']);
  });

  it('lets what runs beside a failed step end before it throws, and begins nothing more', async () => {
    const ended: string[] = [];
    const fails = { title: 'fails', run: () => Promise.reject(new Error('no port')) };
    const ends = {
      title: 'ends',
      run: async () => {
        await new Promise(setImmediate);
        ended.push('ends');
      },
    };
    const later = { title: 'later', run: async () => void ended.push('later') };

    const running = runSteps([{ title: 'both', together: [fails, ends] }, later], () => undefined);

    await expect(running).rejects.toThrow('no port');
    expect(ended).toEqual(['ends']);
  });
});
