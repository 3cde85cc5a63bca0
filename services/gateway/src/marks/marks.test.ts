import { describe, expect, it } from '@jest/globals';
import { createMarks } from './marks.ts';

function givenMarks() {
  const told: string[] = [];
  const clock = { ms: 0 };
  const marks = createMarks({ tell: (message) => told.push(message), now: () => clock.ms });
  marks.close();
  return { marks, told, clock };
}

describe('createMarks', () => {
  it('sends along the highest mark of each service, and tells the other gateways', () => {
    const { marks, told } = givenMarks();

    marks.remember('p1', 'catalog:12');
    marks.remember('p1', 'members:3');
    marks.remember('p1', 'catalog:11');

    expect(marks.headerFor('p1')).toBe('catalog:12,members:3');
    expect(told).toEqual(['p1 catalog:12', 'p1 members:3']);
  });

  it('knows what another gateway remembered, and does not tell it on', () => {
    const { marks, told } = givenMarks();

    marks.hear('p1 catalog:7');

    expect(marks.headerFor('p1')).toBe('catalog:7');
    expect(marks.headerFor('p2')).toBeUndefined();
    expect(told).toEqual([]);
  });

  it('ignores what is no mark', () => {
    const { marks } = givenMarks();

    for (const message of ['', 'p1', 'p1 ', 'p1 catalog', 'p1 catalog:x', ' catalog:1']) marks.hear(message);

    expect(marks.headerFor('p1')).toBeUndefined();
  });
});
