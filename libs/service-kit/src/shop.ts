import type { Endpoint } from '@punchcard/contracts';
import { z } from 'zod';
import { note, type Problems } from './issues.ts';

const uuid = z.uuid();

/** The shop to which a call of the Partner API is narrowed by `X-Shop-ID`, in lower case, or null. A badly formed one is noted. */
export function shopOf({ dialect }: Endpoint, header: string | undefined, problems: Problems): string | null {
  if (dialect !== 'partner' || header === undefined) return null;
  if (uuid.safeParse(header).success) return header.toLowerCase();
  note(problems, 'X-Shop-ID', 'must be the id of a shop');
  return null;
}
