import { randomInt } from 'node:crypto';
import { uniqueIdentifierOf } from './rules.ts';

/** A unique identifier that nobody can guess; whether it is free the database says. */
export const newUniqueIdentifier = (): string => uniqueIdentifierOf(String(randomInt(10 ** 12)).padStart(12, '0'));
