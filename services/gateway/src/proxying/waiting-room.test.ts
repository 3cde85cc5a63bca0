import { describe, expect, it } from '@jest/globals';
import { createWaitingRoom, type Waiting, type WaitingRoom } from './waiting-room.ts';

function waitingSince(ms: number, room: WaitingRoom, expired: number[]): Waiting {
  const one: Waiting = {
    waitingSince: ms,
    place: -1,
    expire: () => {
      expired.push(ms);
      room.leave(one);
    },
  };
  return one;
}

describe('createWaitingRoom', () => {
  it('tells all that have waited too long, each once, and nobody whose client still sends', () => {
    const room = createWaitingRoom();
    const expired: number[] = [];
    for (const ms of [5, 0, 1, 9, 2, 3]) room.enter(waitingSince(ms, room, expired));

    room.expire(4);
    room.expire(4);

    expect(expired.sort()).toEqual([1, 2, 3]);
    expect(room.size).toBe(3);
  });

  it('holds who entered and did not leave, in whatever order they come and go', () => {
    const room = createWaitingRoom();
    const expired: number[] = [];
    const all = Array.from({ length: 50 }, (_, n) => waitingSince(n + 1, room, expired));
    for (const one of all) room.enter(one);
    for (let n = 0; n < 50; n += 1) if (n % 3 !== 0) room.leave(all[(n * 7) % 50]!);
    for (let n = 0; n < 50; n += 1) if (n % 3 !== 0) room.leave(all[(n * 7) % 50]!);

    room.expire(Infinity);

    const left = Array.from({ length: 17 }, (_, n) => ((n * 3 * 7) % 50) + 1);
    expect(expired.sort((a, b) => a - b)).toEqual(left.sort((a, b) => a - b));
    expect(room.size).toBe(0);
  });
});
