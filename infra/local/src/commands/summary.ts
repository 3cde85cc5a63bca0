import Table from 'cli-table3';
import type { StackFacts } from '../stack/environment.ts';
import { urlOf } from '../stack/environment.ts';
import type { Credentials, PartnerCredentials } from '../state/credentials.ts';

const plain = { style: { head: [], border: [] } };

const withoutPassword = (url: string): string => url.replace(/:[^:@/]*@/, '@');

const addresses = (facts: StackFacts, credentials: Credentials | undefined): string => {
  const base = urlOf('gateway', facts.ports);
  const rows: [string, string | null | undefined][] = [
    ['Agent API', `${base}/api/agent/v1`],
    ['Partner API', `${base}/api/partners`],
    ['Docs', credentials?.docs_url],
    ['Console', credentials?.console_url],
    ['PostgreSQL', withoutPassword(facts.postgresUrl)],
    ['Redis', withoutPassword(facts.redisUrl)],
    ['Kafka', facts.kafkaBrokers],
  ];
  const table = new Table({ ...plain, head: ['What', 'Where'] });
  for (const [what, where] of rows) if (where) table.push([what, where]);
  return table.toString();
};

const keysOf = (partner: PartnerCredentials): [string, string][] => [
  ['agent key', partner.agent_key],
  ['view only', partner.view_only_key],
  ['point of sale', partner.pos_key],
  ['API key', partner.api_key],
  ['API secret', partner.api_secret],
  ['owner', `${partner.email} / ${partner.password}`],
];

const sampleKeys = ({ partners, admin_key }: Credentials): string => {
  const table = new Table({ ...plain, head: ['Partner', 'For', 'Key'] });
  for (const partner of partners) {
    const rows = keysOf(partner);
    rows.forEach(([what, key], index) => {
      if (index > 0) return table.push([what, key]);
      return table.push([
        { content: `${partner.name}\n${partner.tier}\n${partner.slug}`, rowSpan: rows.length },
        what,
        key,
      ]);
    });
  }
  table.push(['(platform)', 'admin key', admin_key]);
  return table.toString();
};

const firstCall = (base: string, { partners }: Credentials): string =>
  `curl -s -H 'X-Agent-Key: ${partners[0]?.agent_key}' ${base}/api/agent/v1/health`;

/** What a person needs to begin: addresses, keys, and a call to paste. */
export const summary = (facts: StackFacts, credentials: Credentials | undefined): string => {
  if (!credentials) return addresses(facts, credentials);
  return [
    addresses(facts, credentials),
    sampleKeys(credentials),
    `Try it:\n\n  ${firstCall(urlOf('gateway', facts.ports), credentials)}\n`,
  ].join('\n');
};
