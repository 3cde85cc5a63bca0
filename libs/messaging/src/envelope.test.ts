import { describe, expect, it } from '@jest/globals';
import { decode, encode, serviceOf } from './envelope.ts';
import type { UnsentRow } from './platform-outbox.ts';

const row: UnsentRow = {
  partnerId: '01890a5d-ac96-774b-bcce-b302099a8057',
  id: 7,
  topic: 'catalog',
  key: '01890a5d-ac96-774b-bcce-b302099a8057',
  type: 'catalog.club_changed.v1',
  eventId: '01890a5d-ac96-774b-bcce-b302099a8058',
  subject: null,
  sequence: 3,
  time: new Date('2026-03-08T09:15:00.123Z'),
  traceparent: null,
  data: '{ "name": "Café", "amount": 1.10 }',
};
const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

describe('an envelope', () => {
  it('is a CloudEvent around the data as it was written', () => {
    const text = encode(row, 'catalog', traceparent);
    expect(text).toContain('"data":{ "name": "Café", "amount": 1.10 }}');
    expect(decode(Buffer.from(text))).toEqual({
      specversion: '1.0',
      id: row.eventId,
      source: 'punchcard/catalog',
      type: row.type,
      time: '2026-03-08T09:15:00.123Z',
      datacontenttype: 'application/json',
      partnerid: row.partnerId,
      sequence: 3,
      traceparent,
      data: { name: 'Café', amount: 1.1 },
    });
  });

  it('has a subject and a traceparent only when there is one', () => {
    expect(JSON.parse(encode(row, 'catalog', null))).not.toHaveProperty('traceparent');
    expect(JSON.parse(encode(row, 'catalog', null))).not.toHaveProperty('subject');
    expect(JSON.parse(encode({ ...row, subject: 'x' }, 'catalog', null))).toHaveProperty('subject', 'x');
  });

  it.each([null, Buffer.from('x'), Buffer.from('{}'), Buffer.from('null'), Buffer.from('{"specversion":"1.0"}')])(
    'is refused when it is none: %s',
    (value) => expect(() => decode(value)).toThrow(),
  );

  it('knows the service behind its source', () => {
    expect(serviceOf({ source: 'punchcard/catalog' })).toBe('catalog');
    expect(serviceOf({ source: 'elsewhere' })).toBe('elsewhere');
  });
});
