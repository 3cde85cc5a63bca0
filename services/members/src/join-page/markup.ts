/** Markup that is whole, as opposed to text. */
export interface Markup {
  readonly text: string;
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

/**
 * Markup from a template: every text in it is escaped, for content and quoted attributes alike. Not called `html`, since formatters
 * would then move the white space within scripts and styles, which their hashes count.
 */
export const markup = (strings: TemplateStringsArray, ...parts: Part[]): Markup => ({
  text: strings.map((string, n) => string + (n < parts.length ? written(parts[n]!) : '')).join(''),
});

function written(part: Part): string {
  if (typeof part === 'string') return escaped(part);
  return 'text' in part ? part.text : part.map(({ text }) => text).join('');
}

/** Data for a script of the page, as the content of a script element. */
export const dataMarkup = (data: unknown): Markup => ({
  text: JSON.stringify(data).replaceAll('<', String.raw`\u003c`),
});

/** A text with its `{names}` filled in. */
export const filled = (text: string, values: Readonly<Record<string, string>>): string =>
  text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
