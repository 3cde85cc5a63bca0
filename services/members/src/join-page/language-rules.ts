/** The weight that `Accept-Language` gives a tag. */
interface Wanted {
  language: string;
  weight: number;
}

/**
 * The best of `offered` for an `Accept-Language` header, or what `fallback` (a locale like `lt_LT`) says, or the first one offered.
 */
export function languageOf<L extends string>(
  header: string | null,
  fallback: string,
  offered: readonly [L, ...L[]],
): L {
  const wanted = [...parsed(header), { language: fallback.slice(0, fallback.indexOf('_')), weight: 0 }];
  for (const { language } of wanted) {
    const found = offered.find((one) => one === language);
    if (found) return found;
  }
  return offered[0];
}

/** Heaviest first, as written among equals; a weight of 0 refuses. */
function parsed(header: string | null): Wanted[] {
  return (header ?? '')
    .slice(0, 1_000)
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part
        .trim()
        .toLowerCase()
        .split(/\s*;\s*/);
      const weight = Number(parameters.find((one) => one.startsWith('q='))?.slice(2) ?? 1);
      return { language: tag.split('-')[0]!, weight: Number.isFinite(weight) ? weight : 0 };
    })
    .filter(({ weight }) => weight > 0)
    .toSorted((a, b) => b.weight - a.weight);
}
