import { v7 } from 'uuid';

/** A UUIDv7: made before the write so that a retry can name the same row, and growing at one end of its index. */
export const newId = (): string => v7();
