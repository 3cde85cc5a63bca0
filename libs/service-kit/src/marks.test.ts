import { describe, expect, it } from '@jest/globals';
import { formatMarks, parseMarks } from './marks.ts';

describe('marks', () => {
  it('are read as they were written', () => {
    expect(parseMarks(formatMarks({ catalog: 12, members: 7 }))).toEqual({ catalog: 12, members: 7 });
  });

  it('of a service that is named twice are the higher one', () => {
    expect(parseMarks('catalog:9,catalog:12,catalog:3')).toEqual({ catalog: 12 });
  });

  it.each([undefined, '', 'catalog', 'catalog:', 'catalog:-1', 'catalog:1.5', 'catalog:9999999999999999'])(
    'are none in %j',
    (header) => {
      expect(parseMarks(header)).toEqual({});
    },
  );
});
