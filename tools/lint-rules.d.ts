import type { ESLint } from 'eslint';

export const punchcard: ESLint.Plugin;
