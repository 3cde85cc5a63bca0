import { describe, expect, it } from '@jest/globals';
import { sourceOf } from './choose.ts';

describe('sourceOf', () => {
  it('takes a URL of the environment before everything else', () => {
    expect(sourceOf({ url: 'redis://cache:6379', wish: 'docker', dockerAnswers: () => true })).toBe('url');
  });

  it('takes Docker if a daemon answers, and a process of our own if not', () => {
    const choices = [true, false].map((answers) =>
      sourceOf({ url: undefined, wish: undefined, dockerAnswers: () => answers }),
    );

    expect(choices).toEqual(['docker', 'native']);
  });

  it('does not ask Docker when the choice is made', () => {
    const ask = () => {
      throw new Error('asked');
    };

    expect(sourceOf({ url: undefined, wish: 'native', dockerAnswers: ask })).toBe('native');
  });

  it('refuses a word that it does not know', () => {
    expect(() => sourceOf({ url: undefined, wish: 'podman', dockerAnswers: () => true })).toThrow(/podman/);
  });
});
