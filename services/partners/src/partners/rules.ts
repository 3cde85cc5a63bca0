/** A slug from a name: `Bean & Bloom, Vilnius` > `bean-bloom-vilnius`. At most 50 characters, so that a number fits behind it. */
export function slugOf(name: string): string {
  const slug = name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 50)
    .replace(/-+$/, '');
  return slug.length >= 3 ? slug : `partner-${slug}`.replace(/-$/, '');
}

/** The n-th slug to try for a name: the plain one, then with 2, 3, … behind it. */
export const nthSlug = (slug: string, n: number): string => (n === 1 ? slug : `${slug}-${n}`);
