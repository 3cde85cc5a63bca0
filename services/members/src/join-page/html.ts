/** Markup that is whole, as opposed to text. */
export interface Markup {
  readonly markup: string;
}

type Part = string | Markup | readonly Markup[];

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => entities[character]!);

/** Markup from a template: every text in it is escaped, for content and quoted attributes alike. */
export const html = (strings: TemplateStringsArray, ...parts: Part[]): Markup => ({
  markup: strings.map((string, n) => string + (n < parts.length ? written(parts[n]!) : '')).join(''),
});

function written(part: Part): string {
  if (typeof part === 'string') return escaped(part);
  return 'markup' in part ? part.markup : part.map(({ markup }) => markup).join('');
}

/** Data for a script of the page, as the content of a script element. */
export const dataMarkup = (data: unknown): Markup => ({
  markup: JSON.stringify(data).replaceAll('<', String.raw`\u003c`),
});

/** A text with its `{names}` filled in. */
export const filled = (text: string, values: Readonly<Record<string, string>>): string =>
  text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
