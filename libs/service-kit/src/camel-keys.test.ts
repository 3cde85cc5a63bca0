import { describe, expect, it } from '@jest/globals';
import { camelKeys } from './camel-keys.ts';

describe('camelKeys', () => {
  it('renames the fields, and nothing inside them', () => {
    const renamed: { clubId: string; minPointsPerPurchase: null; title: object } = camelKeys({
      club_id: 'a',
      min_points_per_purchase: null,
      title: { en_US: 'Coffee' },
    });

    expect(renamed).toEqual({ clubId: 'a', minPointsPerPurchase: null, title: { en_US: 'Coffee' } });
  });

  it('leaves out what is absent, and keeps null', () => {
    expect(camelKeys({ name: undefined, club_id: null })).toStrictEqual({ clubId: null });
  });
});
