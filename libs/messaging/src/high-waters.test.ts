import { describe, expect, it } from '@jest/globals';
import { createHighWaters } from './high-waters.ts';

const given = (poll = () => Promise.resolve(new Map<string, number>()), capacity = 10) =>
  createHighWaters({ poll, pollMs: 1, capacity });

describe('a high water', () => {
  it('only grows', () => {
    const waters = given();
    waters.note('a', 5);
    waters.note('a', 3);
    expect(waters.get('a')).toBe(5);
    waters.forget('a');
    waters.note('a', 3);
    expect(waters.get('a')).toBe(3);
  });

  it('is reached at once when it is known, and else when it is noted', async () => {
    const waters = given();
    waters.note('a', 5);
    expect(await waters.reached('a', 5, 0)).toBe(true);
    const later = [waters.reached('a', 6, 5_000), waters.reached('a', 7, 5_000)];
    waters.note('a', 6);
    expect(await later[0]).toBe(true);
    waters.note('a', 9);
    expect(await later[1]).toBe(true);
  });

  it('is not reached when the time is over', async () => {
    const began = performance.now();
    expect(await given().reached('a', 1, 30)).toBe(false);
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  it('asks the database for what others did, only while somebody waits, and survives its failures', async () => {
    let asked = 0;
    const waters = given(() => {
      asked += 1;
      if (asked === 1) return Promise.reject(new Error('away'));
      return Promise.resolve(new Map([['a', asked]]));
    });
    expect(await waters.reached('a', 3, 5_000)).toBe(true);
    expect(asked).toBe(3);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(asked).toBe(3);
    expect(await waters.reached('a', 4, 5_000)).toBe(true);
  });

  it('forgets what was not noted for longest', () => {
    const waters = given(undefined, 2);
    for (const key of ['a', 'b', 'a', 'c']) waters.note(key, 1);
    expect(['a', 'b', 'c'].map((key) => waters.get(key))).toEqual([1, undefined, 1]);
  });
});
