import { expect, it } from '@jest/globals';
import { endpoints, sample } from '@punchcard/contracts';
import { shopOf } from './shop.ts';

const partner = endpoints.find(({ dialect }) => dialect === 'partner')!;
const agent = endpoints.find(({ dialect }) => dialect === 'agent')!;

it('is of the Partner API alone, in lower case, and named when it is no id', () => {
  const problems = new Map<string, string[]>();

  expect(shopOf(partner, sample.clubId.toUpperCase(), problems)).toBe(sample.clubId);
  expect(shopOf(partner, undefined, problems)).toBeNull();
  expect(shopOf(agent, 'x', problems)).toBeNull();
  expect([...problems]).toEqual([]);

  expect(shopOf(partner, '', problems)).toBeNull();
  expect([...problems]).toEqual([['X-Shop-ID', ['must be the id of a shop']]]);
});
