import { readFileSync } from 'node:fs';
import { createContext, runInContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';

/** What a part of the page's script exports, with `around` in place of what it imports and of the browser. */
function part<T>(name: string, exported: readonly string[], around: object): T {
  const source = readFileSync(new URL(`./browser/${name}.js`, import.meta.url), 'utf8')
    .replaceAll(/^import [^;]*;\n/gm, '')
    .replaceAll(/^export (?=const|function|async)/gm, '');
  return runInContext(`${source}\n;({ ${exported.join()} })`, createContext(around)) as T;
}

const KEY = `rl_member_${'a'.repeat(40)}`;

describe('what a browser remembers', () => {
  interface Memory {
    recall(): unknown;
    remember(remembered: object): void;
  }
  const memoryOver = (localStorage: object) =>
    part<Memory>('memory', ['recall', 'remember'], { page: { slug: 'bean' }, localStorage });

  it('is the key that was kept', () => {
    const kept = JSON.stringify({ key: KEY, cardId: null });

    expect(memoryOver({ getItem: () => kept }).recall()).toEqual({ key: KEY, cardId: null });
  });

  it.each(['{"key":', '', '"x"', '{"key":"rl_agent_x"}', '[]'])('is nothing when it kept %j', (kept) => {
    expect(memoryOver({ getItem: () => kept }).recall()).toBeNull();
  });

  it('lasts until the page is left where nothing is kept', () => {
    const refuse = () => {
      throw new Error('The operation is insecure.');
    };
    const memory = memoryOver({ getItem: refuse, setItem: refuse });

    expect(memory.recall()).toBeNull();
    memory.remember({ key: KEY, cardId: null });
    expect(memory.recall()).toEqual({ key: KEY, cardId: null });
  });
});

describe('the wallet', () => {
  it.each([
    ['profile', 1],
    ['cards', 2],
  ])('shows nothing more of somebody who left while the %s came', async (_what, turns) => {
    const shown: unknown[][] = [];
    const announced: string[] = [];
    let remembered: object | null = { key: KEY, cardId: null };
    const waiting: (() => void)[] = [];
    const answer = { status: 200, data: Object.assign([], { ladders: [] }), code: '' };
    const texts = { wallet: { title: 'Cards', hello: 'Hello', loading: 'Loading', loaded: 'Loaded' } };
    const nothing = () => null;
    const { openWallet } = part<{ openWallet(): Promise<void> }>('wallet', ['openWallet'], {
      ...{ page: { texts }, byId: () => ({}), show: nothing, make: () => ({ addEventListener: nothing }) },
      ...{ copyButton: nothing, listSection: nothing, historySection: nothing, identifierBox: nothing },
      ...{ isGood: () => true, isOff: () => false, fill: (text: string) => text, recall: () => remembered },
      fillView: (_view: string, ...children: unknown[]) => shown.push(children),
      announce: (text: string) => announced.push(text),
      ask: () => new Promise((resolve) => waiting.push(() => resolve(answer))),
      historyPage: () => Promise.resolve(answer),
    });
    const turn = async () => {
      for (const tell of waiting.splice(0)) tell();
      await new Promise((resolve) => setImmediate(resolve));
    };

    const opened = openWallet();
    for (let n = 1; n < turns; n += 1) await turn();
    remembered = null;
    const before = shown.length;
    await turn();
    await turn();
    await opened;

    expect(shown.length).toBe(before);
    expect(announced).toEqual([]);
  });
});
