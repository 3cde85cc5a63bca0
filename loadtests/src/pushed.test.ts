import { describe, expect, it } from '@jest/globals';
import { readPushed } from './pushed.ts';

const partners = [
  { agentKeys: ['a', 'b'], pairs: [{ key: 'k', secret: 's' }] },
  { agentKeys: ['c'], pairs: [] },
];

const log = `{"kind":"sold","partner":0,"reference":"r1","points":245,"cents":2450}
purchase: 503  {"error":true}
{"kind":"unsure","partner":0,"reference":"r2"}
{"kind":"redeemed","partner":0,"points":50}
{"kind":"sold","partner":1,"reference":"r3","points":10,"cents":109}
{"kind":"sold","partner":0,"reference":"r4","points":1,"cents":19}
`;

describe('readPushed', () => {
  it('sums up what tills were told, by partner, between the warnings of the script', () => {
    const [first, second] = readPushed(log, partners);

    expect(first).toEqual({
      agentKey: 'b',
      pair: { key: 'k', secret: 's' },
      sold: { r1: 245, r4: 1 },
      unsure: ['r2'],
      issued: 246,
      redeemed: 50,
      cents: 2_469,
    });
    expect(second).toMatchObject({ agentKey: 'c', pair: null, sold: { r3: 10 }, unsure: [], issued: 10 });
  });
});
