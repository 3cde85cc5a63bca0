import { describe, expect, it } from '@jest/globals';
import { presetsByRole, toolsOf, type ToolFormat } from '@punchcard/contracts';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { ToolSchema } from '@modelcontextprotocol/sdk/types.js';
import { givenKeyRecord, type KeyChanges } from '../../test/given.ts';
import { createToolsOfKey } from './tools-of-key.ts';

const access = { isAgentApiOn: true, upgradeUrl: 'https://loyalty.example/upgrade' };
const namesFor = (changes: KeyChanges) => {
  const { tools } = createToolsOfKey(access).list(givenKeyRecord(changes), 'generic');
  return tools.map(({ name }) => String(name));
};
const all = (format: ToolFormat) => createToolsOfKey(access).list(givenKeyRecord({ scopes: ['admin'] }), format).tools;
const ajv = new Ajv2020();
const isSchema = (value: unknown) => ajv.validateSchema(value as object);

describe('what a key is offered', () => {
  it('is what its scopes open', () => {
    expect(namesFor({ scopes: ['write:clubs'] })).toEqual([
      ...['check_health', 'list_clubs', 'get_club', 'create_club', 'update_club', 'delete_club'],
    ]);
    expect(namesFor({ scopes: ['read'] })).toContain('list_members');
    expect(namesFor({ scopes: ['read'] })).not.toContain('record_purchase');
    expect(namesFor({ scopes: ['admin'] })).toContain('record_purchase');
  });

  it('is of its role', () => {
    expect(namesFor({ role: 'admin', scopes: ['admin'], partner: null })).toContain('list_partners');
    expect(namesFor({ role: 'admin', scopes: ['admin'], partner: null })).not.toContain('list_clubs');
    expect(namesFor({ scopes: ['admin'] })).not.toContain('list_partners');
  });

  it('leaves out what a gate of the partner closes', () => {
    const { partner } = givenKeyRecord();
    const gates = { ...partner!.gates, loyalty_cards_permission: false };

    const names = namesFor({ scopes: ['admin'], partner: { gates } });

    expect(names).toContain('list_clubs');
    const ofCards = /loyalty_card|_rewards?$|tier|transaction|purchase|balance/;
    expect(names.filter((name) => ofCards.test(name) && !name.includes('stamp'))).toEqual([]);
  });

  it('comes from memory the second time, and not after the rights changed', () => {
    const tools = createToolsOfKey(access);
    const isKept = (scopes: string[], format: ToolFormat = 'generic') =>
      tools.list(givenKeyRecord({ scopes }), format).isKept;

    expect([isKept(['read']), isKept(['read']), isKept(['read'], 'mcp')]).toEqual([false, true, false]);
    expect(isKept(['write:clubs', 'read'])).toBe(false);
    expect(isKept(['read', 'write:clubs'])).toBe(true);
  });

  it('finds a tool by name within the role alone', () => {
    const tools = createToolsOfKey(access);

    expect(tools.find(givenKeyRecord(), 'record_purchase')?.endpoint.id).toBe('agent.transactions.purchase');
    expect(tools.find(givenKeyRecord(), 'check_health')?.endpoint.id).toBe('agent.health');
    expect(tools.find(givenKeyRecord(), 'list_partners')).toBeUndefined();
  });
});

describe('the form', () => {
  const name = expect.stringMatching(/^[a-zA-Z0-9_-]{1,64}$/);
  const description = expect.stringMatching(/\nHTTP: (GET|POST|PUT|DELETE) \/api\/agent\/v1\/\S+$/);

  it('generic tells the call', () => {
    for (const tool of all('generic')) {
      expect(tool).toEqual({
        ...{ name, description, method: expect.any(String), path: expect.stringMatching(/^\//) },
        ...{ scopes: expect.any(Array), parameters: expect.objectContaining({ type: 'object' }) },
      });
      expect(isSchema(tool['parameters'])).toBe(true);
    }
  });

  it('openai is what chat.completions takes as a tool', () => {
    for (const tool of all('openai')) {
      expect(tool).toEqual({ type: 'function', function: { name, description, parameters: expect.any(Object) } });
      const { parameters } = tool['function'] as { parameters: { type: string } };
      expect(parameters.type).toBe('object');
      expect(isSchema(parameters)).toBe(true);
    }
  });

  it('anthropic is what messages takes as a tool', () => {
    for (const tool of all('anthropic')) {
      expect(tool).toEqual({ name, description, input_schema: expect.objectContaining({ type: 'object' }) });
      expect(isSchema(tool['input_schema'])).toBe(true);
    }
  });

  it('shows dry_run in mcp alone, and nothing else differs', () => {
    const schemaOf = (format: ToolFormat, key: string) => (tool: Record<string, unknown>) =>
      (format === 'openai' ? (tool['function'] as Record<string, unknown>) : tool)[key] as {
        properties: Record<string, unknown>;
      };
    const generic = all('generic').map(schemaOf('generic', 'parameters'));
    expect(all('openai').map(schemaOf('openai', 'parameters'))).toEqual(generic);
    expect(all('anthropic').map(schemaOf('anthropic', 'input_schema'))).toEqual(generic);
    expect(JSON.stringify(generic)).not.toContain('dry_run');

    const mcp = all('mcp').map((tool) => [tool['name'], schemaOf('mcp', 'inputSchema')(tool)] as const);
    const withDryRun = mcp.filter(([, { properties }]) => 'dry_run' in properties);
    expect(withDryRun.map(([name]) => name)).toEqual(['record_purchase', 'redeem_reward', 'add_stamps']);
    for (const [, { properties }] of withDryRun) {
      expect(properties['dry_run']).toMatchObject({ type: 'boolean', default: false });
      delete properties['dry_run'];
    }
    expect(mcp.map(([, schema]) => schema)).toEqual(generic);
  });

  it("mcp passes the official SDK's own schema", () => {
    for (const tool of all('mcp')) {
      expect(ToolSchema.safeParse(tool).error).toBeUndefined();
      expect(isSchema(tool['inputSchema'])).toBe(true);
    }
    expect(all('mcp')).toHaveLength(
      toolsOf().filter(({ endpoint }) => ['partner', 'any'].includes(endpoint.role)).length,
    );
  });
});

describe('what the tools of a key cost an agent to read', () => {
  // Some four characters are a token. Peers' lists of 90,000 tokens left agents no room for their work.
  it.each([
    ['point_of_sale', 24_000],
    ['point_of_sale_plus', 44_000],
    ['full_management', 60_000],
  ])('of %s is at most %i characters, in every format', (preset, most) => {
    const scopes = [...presetsByRole.partner[preset]!];

    for (const format of ['generic', 'openai', 'anthropic', 'mcp'] as const) {
      const { tools } = createToolsOfKey(access).list(givenKeyRecord({ scopes }), format);
      expect(JSON.stringify(tools).length).toBeLessThanOrEqual(most);
    }
  });
});
