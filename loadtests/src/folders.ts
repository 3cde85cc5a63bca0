import { fileURLToPath } from 'node:url';

/** The root of the clone. */
export const repository = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/** What k6 runs. */
export const scripts = fileURLToPath(new URL('../scripts', import.meta.url)).replace(/\/$/, '');
