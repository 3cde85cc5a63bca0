import { de } from './texts/de.ts';
import { en, type Texts } from './texts/en.ts';
import { fr } from './texts/fr.ts';
import { lt } from './texts/lt.ts';

/** The page's languages; the first one stands in where none is understood. */
export const textsOf = { en, lt, de, fr } satisfies Record<string, Texts>;

export type Language = keyof typeof textsOf;
