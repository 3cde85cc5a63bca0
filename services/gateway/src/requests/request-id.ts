import { newId } from '@punchcard/contracts';

const FORM = /^[A-Za-z0-9._-]{1,128}$/;

/** The caller's name for its request if it may be used in headers and logs, else a new UUIDv7. */
export const requestIdOf = (sent: string | string[] | undefined): string =>
  typeof sent === 'string' && FORM.test(sent) ? sent : newId();
