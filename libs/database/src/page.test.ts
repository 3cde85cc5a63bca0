import { describe, expect, it } from '@jest/globals';
import { paginate } from './page.ts';

describe('paginate', () => {
  it('gives the rows of a page and says which page they are', () => {
    const { limit, offset, pagination } = paginate({ page: 3, per_page: 25 });

    expect({ limit, offset }).toEqual({ limit: 25, offset: 50 });
    expect(pagination(51)).toEqual({ page: 3, perPage: 25, total: 51 });
  });
});
