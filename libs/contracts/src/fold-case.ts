/** Text as it is compared ignoring case: `STRASSE`, `Straße` and `strasse` are one. Not left to a database's locale. */
export const foldCase = (text: string): string => text.toUpperCase().toLowerCase().normalize('NFC');
