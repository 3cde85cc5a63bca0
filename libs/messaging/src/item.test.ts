import { describe, expect, it } from '@jest/globals';
import { cardChanged, clubChanged } from '@punchcard/contracts';
import { runsOf } from './apply.ts';
import { REPLAY_HEADER, type Received } from './dead-letters.ts';
import { outcomeOf, toItem, type Item } from './item.ts';
import { byType, on, onMany } from './subscription.ts';

const nothing = () => Promise.resolve();
const interests = byType([on(clubChanged, nothing)]);
const received = (type: string, data: object, headers: Received['headers'] = {}): Received => ({
  topic: 'catalog',
  partition: 0,
  offset: 0,
  key: null,
  value: Buffer.from(
    JSON.stringify({
      specversion: '1.0',
      id: '01890a5d-ac96-774b-bcce-b302099a8058',
      source: 'punchcard/catalog',
      type,
      time: '2026-03-08T09:15:00Z',
      datacontenttype: 'application/json',
      partnerid: '01890a5d-ac96-774b-bcce-b302099a8057',
      sequence: 1,
      data,
    }),
  ),
  headers,
});
const read = (message: Received) => toItem(message, { group: 'ledger', interests });

describe('a message', () => {
  it('is for us when somebody asked for its type', () => {
    const item = read(received(clubChanged.type, { ...clubChanged.example, new_field: 1 }));
    expect(item.envelope?.data).toEqual(clubChanged.example);
    expect([outcomeOf(item, true), outcomeOf(item, false)]).toEqual(['applied', 'duplicate']);
  });

  it('is skipped when nobody did, whatever its data', () => {
    expect(outcomeOf(read(received('catalog.club_changed.v2', {})), false)).toBe('skipped');
  });

  it('is dead when its data breaks the contract', () => {
    const item = read(received(clubChanged.type, {}));
    expect(item.envelope?.sequence).toBe(1);
    expect(outcomeOf(item, false)).toBe('dead');
  });

  it('that was replayed is for one group', () => {
    const replay = (group: string) =>
      read(received(clubChanged.type, clubChanged.example, { [REPLAY_HEADER]: Buffer.from(group) }));
    expect(replay('ledger').subscription).toBeDefined();
    expect(replay('vouchers').subscription).toBeUndefined();
  });
});

describe('events of one transaction', () => {
  it('are handed over together only to a handler that takes many, and in their order', () => {
    const many = onMany([clubChanged], nothing);
    const one = on(cardChanged, nothing);
    const items = [many, many, one, one, many].map((subscription) => ({ subscription }) as unknown as Item);
    expect(runsOf(items).map(({ length }) => length)).toEqual([2, 1, 1, 1]);
  });
});
