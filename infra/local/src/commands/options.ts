import type { Folders } from '../folders.ts';
import { defaultFolder, foldersOf } from '../folders.ts';
import { resolve } from 'node:path';

/** What every command takes. */
export type CommonOptions = { dir?: string };

export const dirHelp = 'state folder: data, logs, secrets, credentials (default: .local)';

export const foldersFrom = ({ dir }: CommonOptions): Folders => foldersOf(dir ? resolve(dir) : defaultFolder);
