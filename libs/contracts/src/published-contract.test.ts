import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { endpoints } from './endpoints.ts';

/** The published lists stand beside the project; without them there is nothing to compare with. */
const folder = new URL('../../../../shared/contract/', import.meta.url);

interface Published {
  id: string;
  method: string;
  path: string;
  role?: string;
  scopes?: string[];
  permissions?: string[];
  tier?: string | null;
  service: string;
  success: number;
  idempotent: boolean;
}

/** Of a skipped `describe` the body runs all the same. */
const read = (name: string): Published[] =>
  existsSync(folder) ? (JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Published[]) : [];

(existsSync(folder) ? describe : describe.skip)('the published contract', () => {
  const published = new Map(
    ['endpoints-agent.json', 'endpoints-partner.json'].flatMap((file) =>
      read(file).map((one) => [one.id, one] as const),
    ),
  );
  const ours = endpoints.filter(({ dialect }) => dialect !== 'internal');

  it.each(ours.map((endpoint) => [endpoint.id, endpoint] as const))('has %s as we declare it', (id, endpoint) => {
    const { method, path, owner, success, idempotent, role, scopes = [], permission, plan = null, dialect } = endpoint;
    const theirs = published.get(id);

    expect(theirs).toMatchObject({ method, path, service: owner, success, idempotent });
    if (dialect === 'agent') expect(theirs).toMatchObject({ role, scopes });
    else expect(theirs).toMatchObject({ permissions: permission ? [permission] : [], tier: plan });
  });
});
