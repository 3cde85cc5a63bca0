import { describe, expect, it } from '@jest/globals';
import { inParts } from './relay-sender.ts';
import { relay } from './retries.ts';

const message = (topic: string, key: string, bytes = 10) => ({ topic, key, value: 'é'.repeat(bytes / 2) });

describe('a round of the relay', () => {
  it('is one request, with each topic in order', () => {
    const parts = inParts([message('a', '1'), message('b', '2'), message('a', '3')]);
    expect(parts.map((part) => part.map(({ topic, messages }) => [topic, messages.map(({ key }) => key)]))).toEqual([
      [
        ['a', ['1', '3']],
        ['b', ['2']],
      ],
    ]);
  });

  it('is as many requests as the broker needs to take them', () => {
    const half = relay.batchBytes / 2;
    const parts = inParts([
      message('a', '1', half),
      message('a', '2', half),
      message('a', '3', 2),
      message('a', '4', 2 * half),
    ]);
    expect(parts.map((part) => part.flatMap(({ messages }) => messages.map(({ key }) => key)))).toEqual([
      ['1', '2'],
      ['3'],
      ['4'],
    ]);
  });
});
