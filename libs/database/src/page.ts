import type { Pagination } from '@punchcard/contracts';

export interface Page {
  limit: number;
  offset: number;
  /** What the answer says of a list that has `total` rows. */
  pagination(total: number): Pagination;
}

/** Rows to read for `page` and `per_page` of a list's query, as the contract's schemas parsed them. */
export function paginate({ page, per_page: perPage }: { page: number; per_page: number }): Page {
  return {
    limit: perPage,
    offset: (page - 1) * perPage,
    pagination: (total) => ({ page, perPage, total }),
  };
}
