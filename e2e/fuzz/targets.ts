import type { World } from './world.ts';

/** One run: which operations, and as whom. */
export interface Target {
  name: string;
  api: 'agent' | 'partner';
  /** Of the paths. */
  paths: string;
  /** Keys to take in turn, or the headers of the only caller. */
  keys: string[];
  headers: Record<string, string>;
  seconds: number;
  /** Below what the limits of the callers let through. */
  perMinute: number;
}

/** Each role with the paths that are its own, and what is open to all. */
export const targetsOf = ({ keys, partnerHeaders }: World): Target[] => [
  target('partner', '^/api/agent/v1/partner/', { keys: keys.partner, seconds: 100, perMinute: 3_000 }),
  target('member', '^/api/agent/v1/member/', { keys: keys.member, seconds: 45, perMinute: 330 }),
  target('admin', '^/api/agent/v1/admin/', { keys: keys.admin, seconds: 60, perMinute: 3_000 }),
  target('tools', '^/api/agent/v1/(health|tools|mcp)', { keys: keys.partner, seconds: 20, perMinute: 3_000 }),
  target('public', '^/(api/agent/docs|api/join/|join/)', { seconds: 25, perMinute: 3_000 }),
  target('office', '^/api/partners/', { api: 'partner', headers: named(partnerHeaders), seconds: 25, perMinute: 900 }),
];

/** As the document writes them: the tool takes them away by these names to see whether they are needed. */
const named = ({ 'x-api-key': key = '', 'x-api-secret': secret = '' }: World['partnerHeaders']) => ({
  'X-API-Key': key,
  'X-API-Secret': secret,
});

const target = (
  name: string,
  paths: string,
  rest: Partial<Target> & Pick<Target, 'seconds' | 'perMinute'>,
): Target => ({
  ...{ name, paths, api: 'agent', keys: [], headers: {} },
  ...rest,
});
