import type { Dialect } from '@punchcard/contracts';

/** The dialect in which a path that is in no table is refused. */
export function dialectOf(path: string): Dialect {
  if (path.startsWith('/internal/')) return 'internal';
  return path === '/api/partners' || path.startsWith('/api/partners/') ? 'partner' : 'agent';
}
