import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseArray, serializeArray } from './arrays.ts';

describe('parseArray', () => {
  it.each([
    ['{}', []],
    ['{a,b}', ['a', 'b']],
    ['{NULL,"NULL",null}', [null, 'NULL', 'null']],
    ['{"a \\"b\\"","c\\\\d","{e,f}",""}', ['a "b"', 'c\\d', '{e,f}', '']],
    [
      '{{1,2},{3,NULL}}',
      [
        ['1', '2'],
        ['3', null],
      ],
    ],
    ['[0:1]={7,8}', ['7', '8']],
  ])('reads %s', (text, items) => {
    expect(parseArray(text, (item) => item)).toEqual(items);
  });

  it('reads what serializeArray writes', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string({ unit: 'grapheme' }), fc.constant(null))), (items) => {
        expect(parseArray(serializeArray(items, String), String)).toEqual(items);
      }),
    );
  });
});

describe('serializeArray', () => {
  it('refuses an item that is undefined', () => {
    expect(() => serializeArray([1, undefined], String)).toThrow('undefined');
  });
});
