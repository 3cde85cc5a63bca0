import { describe, expect, it } from '@jest/globals';
import { AppError, type Topic, Miss } from '@punchcard/contracts';
import { surely } from './lanes.ts';

const noCard = new Miss(new AppError('NOT_FOUND'), ['catalog', 'partners']);
const nobody = new Miss(new AppError('MEMBER_NOT_FOUND'), ['members']);

/** Throws these one after the other, then answers. */
const after =
  (...misses: Error[]) =>
  () => {
    const miss = misses.shift();
    return miss ? Promise.reject(miss) : Promise.resolve('booked');
  };

function copies(isReadable = true) {
  const asked: Topic[][] = [];
  return {
    asked,
    caughtUp: (topics: readonly Topic[]) => {
      asked.push([...topics]);
      return Promise.resolve(isReadable);
    },
  };
}

describe('surely', () => {
  it('asks nobody when nothing is missing', async () => {
    const known = copies();

    expect(await surely(after(), known)).toBe('booked');
    expect(known.asked).toEqual([]);
  });

  it('waits for the topic of each kind of row that is missing, and runs again', async () => {
    const known = copies();

    expect(await surely(after(noCard, nobody), known)).toBe('booked');
    expect(known.asked).toEqual([['catalog', 'partners'], ['members']]);
  });

  it('refuses what is missing in a copy that has caught up', async () => {
    await expect(surely(after(nobody, nobody), copies())).rejects.toBe(nobody.refusal);
  });

  it('says 503 rather than 404 when the topic cannot be read', async () => {
    await expect(surely(after(nobody), copies(false))).rejects.toMatchObject({
      ...{ code: 'SERVICE_UNAVAILABLE', details: { service: 'ledger' }, retryAfter: 1 },
    });
  });

  it('passes every other failure on as it is', async () => {
    const error = new AppError('INSUFFICIENT_POINTS');

    await expect(surely(after(error), copies())).rejects.toBe(error);
  });
});
