import { describe, expect, it } from '@jest/globals';
import { endpoints } from '../endpoints.ts';
import { openApiOf } from './document.ts';

interface Operation {
  operationId: string;
  security: object[];
  parameters?: { name?: string; $ref?: string }[];
  responses: Record<string, { $ref?: string }>;
}
interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: Record<string, Record<string, unknown>>;
}

const documents = (['agent', 'partner'] as const).map(
  (api) => [api, openApiOf({ api, version: '0.1.0' }) as unknown as Document] as const,
);

describe.each(documents)('the document of the %s API', (api, document) => {
  const operations = Object.values(document.paths).flatMap((path) => Object.values(path));

  it('has every public endpoint once, by its id', () => {
    const ids = endpoints.filter(({ dialect }) => dialect === api).map(({ id }) => id);

    expect(operations.map(({ operationId }) => operationId).sort()).toEqual(ids.sort());
  });

  it('refers only to what it has', () => {
    const refs = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/(\w+)\/([^"]+)"/g)];

    expect(refs.length).toBeGreaterThan(10);
    for (const [, kind, name] of refs) expect(document.components[kind!]).toHaveProperty([name!]);
  });

  it('says of every operation how it is refused', () => {
    for (const { operationId, responses, security } of operations) {
      const statuses = Object.keys(responses);
      const wanted = ['422', '429', '500', ...(security.length > 0 ? ['401', '403', '503'] : [])];
      expect([operationId, statuses]).toEqual([operationId, expect.arrayContaining(wanted)]);
      expect(statuses.some((status) => status.startsWith('2'))).toBe(true);
    }
  });

  it('offers Idempotency-Key exactly where it is taken', () => {
    for (const { operationId, parameters = [] } of operations) {
      const isOffered = parameters.some(({ $ref }) => $ref?.endsWith('/IdempotencyKey') === true);
      expect([operationId, isOffered]).toEqual([
        operationId,
        endpoints.find(({ id }) => id === operationId)!.idempotent,
      ]);
    }
  });
});

describe('schemas', () => {
  const [, { components, paths }] = documents[0]!;

  it('tell numbers, formats and bounds of what our own checks check', () => {
    expect(components['schemas']!['TransactionsPurchaseBody']).toMatchObject({
      properties: {
        purchase_amount: { type: 'number', minimum: 0.01, maximum: 999_999_999.99 },
        card_id: { type: 'string', format: 'uuid' },
        staff_id: { type: ['string', 'null'], format: 'uuid' },
        note: { type: ['string', 'null'], maxLength: 1_000 },
        occurred_at: { type: 'string', format: 'date-time' },
      },
      required: ['card_id', 'member_identifier', 'purchase_amount'],
      additionalProperties: false,
    });
  });

  it('close what is sent and leave open what is answered', () => {
    expect(components['schemas']!['ClubCreateBody']).toHaveProperty('additionalProperties', false);
    expect(components['schemas']!['Club']).not.toHaveProperty('additionalProperties');
  });

  it('have one key for MCP in two headers, and none for the docs', () => {
    expect(paths['/api/agent/v1/mcp']!['post']!.security).toEqual([{ AgentKey: [] }, { BearerKey: [] }]);
    expect(paths['/api/agent/docs.json']!['get']!.security).toEqual([]);
  });
});
