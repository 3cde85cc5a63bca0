import { describe, expect, it } from '@jest/globals';
import { mediaOf } from './media.ts';

describe('mediaOf', () => {
  it.each([
    [undefined, 'application/json'],
    ['*/*', 'application/json'],
    ['text/*', 'application/json'],
    ['text/csv', 'text/csv'],
    ['Text/CSV; charset=utf-8', 'text/csv'],
    ['text/csv, */*;q=0.1', 'text/csv'],
    ['application/json, text/csv', 'application/json'],
    ['text/csv, application/json', 'text/csv'],
    ['text/csv;q=0.5, application/json', 'application/json'],
    ['application/json;q=0.5, text/csv;q=0.6', 'text/csv'],
    ['text/csv;q=0', 'application/json'],
    ['nonsense', 'application/json'],
  ])('takes %s as %s', (accept, media) => {
    expect(mediaOf({ alsoProduces: 'text/csv' }, accept)).toBe(media);
  });

  it('is JSON where nothing else can be had', () => {
    expect(mediaOf({}, 'text/csv')).toBe('application/json');
  });
});
