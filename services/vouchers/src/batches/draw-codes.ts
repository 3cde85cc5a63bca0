import { randomInt } from 'node:crypto';
import { placesOf, type CodeForm } from './pattern-rules.ts';

/** A code of a form, every one as likely as any other. */
export const drawCode = (form: CodeForm): string =>
  placesOf(form)
    .map((choices) => (choices.length === 1 ? choices : choices[randomInt(choices.length)]))
    .join('');
