import { getPartner, listPartners } from '@punchcard/contracts';
import type { Answer } from '@punchcard/contracts';
import { allPages } from './admin-api.ts';
import type { AdminApi } from './admin-api.ts';

export type Partner = Answer<typeof getPartner>;

export const isId = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);

/** Every partner whose name, slug or e-mail holds the text; without it all of them. */
export const listAllPartners = (api: AdminApi, search?: string): Promise<Partner[]> =>
  allPages((page) => api.call(listPartners, { query: { ...page, ...(search && { search }) } }));

/** The partner of an id or of a slug. @throws Error that names similar slugs */
export const findPartner = async (api: AdminApi, slugOrId: string): Promise<Partner> => {
  if (isId(slugOrId)) return api.call(getPartner, { params: { id: slugOrId } });
  const similar = await listAllPartners(api, slugOrId);
  const partner = similar.find(({ slug }) => slug === slugOrId.toLowerCase());
  if (partner) return partner;
  const slugs = similar.slice(0, 5).map(({ slug }) => slug);
  const hint = slugs.length > 0 ? `Did you mean ${slugs.join(', ')}?` : '`punchcard partners list` shows all.';
  throw new Error(`There is no partner with the slug "${slugOrId}".\n  ${hint}`);
};
