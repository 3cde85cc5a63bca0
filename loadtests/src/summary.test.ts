import { describe, expect, it } from '@jest/globals';
import { tellThresholds } from './summary.ts';

describe('tellThresholds', () => {
  it('says of a threshold that was crossed that it is not ok', () => {
    const metrics = tellThresholds({
      sold: { count: 3, thresholds: { 'count>0': false } },
      failed: { value: 0.5, thresholds: { 'rate<0.001': true } },
      vus: { value: 1 },
    } as never);

    expect(metrics).toEqual({
      sold: { count: 3, thresholds: { 'count>0': { ok: true } } },
      failed: { value: 0.5, thresholds: { 'rate<0.001': { ok: false } } },
      vus: { value: 1 },
    });
  });
});
