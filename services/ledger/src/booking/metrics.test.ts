import { describe, expect, it } from '@jest/globals';
import { AppError } from '@punchcard/contracts';
import { metrics } from '@punchcard/service-kit';
import { noteOutcome } from './metrics.ts';
import type { Command } from './rules.ts';

describe('what is counted of orders', () => {
  it('tells what was booked from what came again, and refusals by their codes', async () => {
    const ofPurchases = (result: unknown) => noteOutcome({ kind: 'purchase' } as Command, result);
    ofPurchases({ data: { duplicate: false }, replayed: false });
    ofPurchases({ data: { duplicate: true }, replayed: false });
    ofPurchases({ data: { duplicate: false }, replayed: true });
    ofPurchases(new AppError('CARD_EXPIRED', { details: { card_id: 'card', expired_at: 'then' } }));
    ofPurchases(new Error('a bug'));

    const text = await metrics.getSingleMetricAsString('punchcard_ledger_commands_total');
    const counted = [...text.matchAll(/outcome="(\w+)".*\} (\d+)/g)].map(([, outcome, count]) => [outcome, count]);
    expect(Object.fromEntries(counted)).toEqual({
      ...{ booked: '1', duplicate: '1', replayed: '1', CARD_EXPIRED: '1', INTERNAL_ERROR: '1' },
    });
  });
});
