/** A translatable text (contract 1.1): locale > text, at least one. */
export type Texts = Readonly<Record<string, string>>;

/** What a request says: a string is in the partner's locale; null and absent stay what they are. */
export function textsOf<V extends string | Texts | null | undefined>(
  value: V,
  locale: string,
): Texts | Exclude<V, string | Texts> {
  return typeof value === 'string' ? { [locale]: value } : (value as Texts | Exclude<V, string | Texts>);
}

export interface Reader {
  /** The value of `Accept-Language`, or null. */
  language: string | null;
  /** The partner's locale. */
  locale: string;
}

/** The text in the language that the reader likes best; else in the partner's, else the first. */
export function pickText(texts: Texts, { language, locale }: Reader): string {
  const locales = Object.keys(texts).toSorted();
  const likes = [...preferencesOf(language), locale];
  const best = likes.map((like) => bestLocale(locales, like, locale)).find((found) => found !== undefined);
  return texts[best ?? locales[0]!]!;
}

/** As `pickText`, for a text that may be missing. */
export const pickTextOrNull = (texts: Texts | null, reader: Reader): string | null => texts && pickText(texts, reader);

/** `{ translations }` of those fields that have more than one text, or nothing: for spreading into an answer. */
export function translationsOf(fields: Readonly<Record<string, Texts | null>>): {
  translations?: Record<string, Record<string, string>>;
} {
  const several = Object.entries(fields).flatMap(([field, texts]) =>
    texts && Object.keys(texts).length > 1 ? [[field, { ...texts }] as const] : [],
  );
  return several.length === 0 ? {} : { translations: Object.fromEntries(several) };
}

/** The same locale, else the partner's when it has the language, else any of the language: `en-GB` finds `en_US`. */
function bestLocale(locales: readonly string[], like: string, partnerLocale: string): string | undefined {
  const wanted = like.replaceAll('-', '_').toLowerCase();
  const speaks = (locale: string) => locale.toLowerCase().split('_')[0] === wanted.split('_')[0];
  return (
    locales.find((locale) => locale.toLowerCase() === wanted) ??
    locales.find((locale) => locale === partnerLocale && speaks(locale)) ??
    locales.find(speaks)
  );
}

/** Language tags of `Accept-Language`, best first. `*` and everything behind it says nothing that the default does not. */
function preferencesOf(header: string | null): string[] {
  const ranges = (header ?? '').split(',').flatMap((range, place) => {
    const [, tag, quality = '1'] =
      /^\s*([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*|\*)\s*(?:;\s*q=([01](?:\.\d{0,3})?))?\s*$/.exec(range) ?? [];
    return tag === undefined || Number(quality) === 0 ? [] : [{ tag, quality: Number(quality), place }];
  });
  const tags = ranges.toSorted((a, b) => b.quality - a.quality || a.place - b.place).map(({ tag }) => tag);
  return tags.includes('*') ? tags.slice(0, tags.indexOf('*')) : tags;
}
