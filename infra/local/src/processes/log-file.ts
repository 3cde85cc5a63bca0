import { closeSync, mkdirSync, openSync, readSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

const maxBytes = 20 * 1024 * 1024;

const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;

/** Opens a log for appending; one that has grown past 20 MB becomes `<file>.1` first. The caller closes it. */
export const openLog = (file: string): number => {
  mkdirSync(dirname(file), { recursive: true });
  if (sizeOf(file) > maxBytes) renameSync(file, `${file}.1`);
  return openSync(file, 'a', 0o600);
};

/** The last lines of a log, for an error message. */
export const tailOf = (file: string, lines = 15): string => {
  const size = sizeOf(file);
  if (size === 0) return '';
  const buffer = Buffer.alloc(Math.min(size, 16_384));
  const fd = openSync(file, 'r');
  try {
    readSync(fd, buffer, 0, buffer.length, size - buffer.length);
  } finally {
    closeSync(fd);
  }
  return buffer.toString('utf8').trimEnd().split('\n').slice(-lines).join('\n');
};
