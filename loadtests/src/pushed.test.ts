import { describe, expect, it } from '@jest/globals';
import { readPushed, totalsOf } from './pushed.ts';

const partners = [
  { agentKeys: ['a', 'b'], pairs: [{ key: 'k', secret: 's' }] },
  { agentKeys: ['c'], pairs: [] },
];

const log = `{"kind":"sold","partner":0,"reference":"r1","points":245,"cents":2450}
purchase: 503  {"error":true}
{"kind":"unsure","partner":0,"reference":"r2"}
{"kind":"redeemed","partner":0,"reference":"r5","points":50}
{"kind":"stamped","partner":0,"member":"m1","stamps":2}
{"kind":"stamped","partner":0,"member":"m1","stamps":1}
{"kind":"handed","partner":0,"member":"m1"}
{"kind":"unsure","partner":0,"reference":"stamps m2","count":2}
{"kind":"voucher","partner":0,"voucher":"v1","points":20}
{"kind":"voucher","partner":0,"voucher":"v1","points":20}
{"kind":"sold","partner":1,"reference":"r3","points":10,"cents":109}
{"kind":"batch","partner":1,"batch":"b1","count":1000}
{"kind":"batch","partner":1,"batch":"b2","count":1}
{"kind":"sold","partner":0,"reference":"r4","points":1,"cents":19}
`.split('\n');

describe('readPushed', () => {
  it('sums up what tills were told, by partner, between the warnings of the script', async () => {
    const [first, second] = await readPushed(log, partners);

    expect(first).toEqual({
      agentKey: 'b',
      pair: { key: 'k', secret: 's' },
      sold: { r1: 245, r4: 1 },
      redeemed: { r5: 50 },
      stamps: { m1: 3 },
      handed: { m1: 1 },
      vouchers: { v1: 2 },
      unsure: { r2: 1, 'stamps m2': 2 },
      cents: 2_469,
      batches: {},
    });
    expect(second).toMatchObject({
      agentKey: 'c',
      pair: null,
      sold: { r3: 10 },
      unsure: {},
      batches: { b1: 1_000, b2: 1 },
    });
  });
});

describe('totalsOf', () => {
  it('is what must be found', async () => {
    expect(totalsOf(await readPushed(log, partners))).toEqual({
      ...{ sold: 3, redeemed: 1, stamps: 3, handed: 1, vouchers: 2, codes: 1_001, unsure: 3 },
    });
  });
});
