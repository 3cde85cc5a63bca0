import { AppError } from '@punchcard/contracts';

/** Text as it is compared ignoring case: `STRASSE`, `Straße` and `strasse` are one. Not left to the database's locale. */
export const foldCase = (text: string): string => text.toUpperCase().toLowerCase().normalize('NFC');

/** What a search matches with `like`: the text anywhere, ignoring case; `%` and `_` are only themselves. */
export const containing = (search: string): string => `%${foldCase(search).replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;

/** 409 when an e-mail belongs to somebody else than `staffId`. */
export function requireFreeEmail(staffId: string, owner: string | undefined): void {
  if (owner !== undefined && owner !== staffId) {
    throw new AppError('ALREADY_EXISTS', { details: { field: 'email', existing_id: owner } });
  }
}
