import { foldCase } from '@punchcard/contracts';

/**
 * What a search matches with `like` in a column that holds `foldCase` of a text: the words anywhere, ignoring case; `%` and `_` are
 * only themselves.
 */
export const containing = (search: string): string => `%${foldCase(search).replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
