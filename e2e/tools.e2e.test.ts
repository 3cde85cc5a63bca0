import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createStampCard, docsJson, listTools, memberBalance, updatePermissions } from '@punchcard/contracts';
import {
  adminApi,
  anyAddress,
  apiOf,
  dataOf,
  givenKey,
  givenMember,
  givenPartner,
  givenProgramme,
  eventually,
  running,
  type GivenPartner,
} from './given.ts';
import { unknownId } from './matrix-cases.ts';

const MCP = '/api/agent/v1/mcp';
type Structured = Record<string, never>;

/** The official client, connected as an agent would. */
async function connect(headers: Record<string, string>) {
  const requestInit = { headers: { 'x-forwarded-for': anyAddress(), ...headers } };
  const transport = new StreamableHTTPClientTransport(new URL(MCP, running().baseUrl), { requestInit });
  const client = new Client({ name: 'tests', version: '1.0.0' });
  // The SDK's own types do not hold under exactOptionalPropertyTypes.
  await client.connect(transport as Parameters<typeof client.connect>[0]);
  return client;
}

const post = (body: unknown, headers: Record<string, string>) =>
  fetch(running().baseUrl + MCP, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-forwarded-for': anyAddress(), ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

const rpc = (id: number, method: string, params: object = {}) => ({ jsonrpc: '2.0', id, method, params });
const remainingOf = ({ headers }: Response) => Number(headers.get('x-ratelimit-remaining'));

let shop: GivenPartner;
let client: Client;

beforeAll(async () => {
  shop = await givenPartner();
  client = await connect({ 'x-agent-key': shop.agentKey });
});

afterAll(() => client.close());

describe('GET /tools', () => {
  it('lists in four formats what the key may call, and says when it was in memory', async () => {
    const names = new Set<string>();
    for (const format of ['generic', 'openai', 'anthropic', 'mcp'] as const) {
      const { status, body } = await shop.agent(listTools, { query: { format } });
      const { tools, meta } = body as unknown as { tools: Record<string, Structured>[]; meta: object };
      expect([status, body['error']]).toEqual([200, false]);
      expect(meta).toMatchObject({ role: 'partner', format, tool_count: tools.length });
      names.add(String(tools.map((tool) => tool['function']?.['name'] ?? tool['name'])));
    }
    expect(names.size).toBe(1);
    const { body } = await shop.agent(listTools, {});
    expect(body['meta']).toMatchObject({ format: 'generic', cached: true });
  });

  it('shows a narrow key its few tools, and forgets what a gate closes within a second', async () => {
    const partner = await givenPartner();
    const narrow = apiOf({ 'x-agent-key': await givenKey(partner.partnerId, { scopes: ['write:transactions'] }) });
    const names = async () => {
      const { body } = await narrow(listTools, {});
      return (body as unknown as { tools: { name: string }[] }).tools.map(({ name }) => name);
    };
    expect(await names()).toEqual([
      ...['check_health', 'list_transactions', 'get_transaction', 'record_purchase', 'estimate_transaction'],
    ]);

    await dataOf(
      adminApi()(updatePermissions, { params: { id: partner.partnerId }, body: { loyalty_cards_permission: false } }),
    );

    await eventually('the closed gate', async () => String(await names()) === 'check_health', 1_000);
  });

  it('refuses another format', async () => {
    const { status, body } = await shop.agent(listTools, { query: { format: 'yaml' as 'mcp' } });

    expect([status, body['code']]).toEqual([422, 'VALIDATION_FAILED']);
  });
});

describe('the official MCP client', () => {
  it('lists the tools that /tools lists', async () => {
    const { tools } = await client.listTools();
    const { body } = await shop.agent(listTools, { query: { format: 'mcp' } });

    expect(tools).toEqual(body['tools']);
    expect(tools.find(({ name }) => name === 'list_loyalty_cards')).toMatchObject({
      annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true },
    });
    await expect(client.ping()).resolves.toEqual({});
  });

  it('works a day at the till: health, club, card, purchase, reward, lists', async () => {
    const { card, reward } = await givenProgramme(shop.agent);
    const member = await givenMember(shop.slug);
    const call = async (name: string, given: Record<string, unknown> = {}) => {
      const { structuredContent, isError, content } = await client.callTool({ name, arguments: given });
      expect(JSON.parse((content as { text: string }[])[0]!.text)).toEqual(structuredContent);
      expect([name, isError]).toEqual([name, false]);
      return structuredContent as Record<string, unknown>;
    };

    expect(await call('check_health')).toMatchObject({ status: 'ok', key: { role: 'partner' } });
    expect(await call('create_club', { name: 'By an agent' })).toMatchObject({ name: 'By an agent', is_active: true });
    expect(await call('list_clubs', { search: 'By an', page: 1, per_page: 5, is_active: true })).toMatchObject({
      data: [{ name: 'By an agent' }],
      pagination: { per_page: 5, total: 1 },
    });
    const sale = { card_id: card.id, member_identifier: member.email, purchase_amount: 24.5, reference: 'mcp-1' };
    expect(await call('record_purchase', sale)).toMatchObject({ points_awarded: 245, duplicate: false });
    expect(await call('record_purchase', sale)).toMatchObject({ points_awarded: 245, duplicate: true });
    const spend = { card_id: card.id, member_identifier: member.id, reward_id: reward.id };
    expect(await call('redeem_reward', spend)).toMatchObject({ points_deducted: 200, new_balance: 45 });
    expect(await call('get_member_balance', { id: member.id, cardId: card.id })).toMatchObject({ balance: 45 });
    const { balance } = await dataOf(shop.agent(memberBalance, { params: { id: member.id, cardId: card.id } }));
    expect(balance).toBe(45);
  });

  it('foretells with dry_run what a purchase, a redemption and stamps would answer, and books nothing', async () => {
    const own = await givenPartner();
    const { club, card, reward } = await givenProgramme(own.agent);
    const member = await givenMember(own.slug);
    const agent = await connect({ 'x-agent-key': own.agentKey });
    const stampCard = await dataOf(
      own.agent(createStampCard, { body: { club_id: club.id, name: 'Stamps', title: 'Stamps', stamps_required: 2 } }),
    );
    const call = async (name: string, given: Record<string, unknown>) => {
      const { structuredContent, isError } = await agent.callTool({ name, arguments: given });
      expect([name, isError, structuredContent]).toEqual([name, false, expect.anything()]);
      return structuredContent as Record<string, unknown>;
    };
    const sale = { card_id: card.id, member_identifier: member.email, purchase_amount: 24.5, reference: 'mcp-dry' };
    const spend = { card_id: card.id, member_identifier: member.email, reward_id: reward.id };
    const stamps = { id: stampCard.id, member_identifier: member.email, stamps: 2 };
    const dry = { dry_run: true };

    const foretold = { would_succeed: true, error: null };
    expect(await call('record_purchase', { ...sale, ...dry })).toMatchObject({ ...foretold, points_awarded: 245 });
    expect(await call('record_purchase', { ...sale, ...dry })).toMatchObject({ duplicate: false, member_balance: 0 });
    expect(await call('redeem_reward', { ...spend, ...dry })).toMatchObject({
      ...{ would_succeed: false, error: { code: 'INSUFFICIENT_POINTS', details: { required: 200, balance: 0 } } },
    });
    expect(await call('add_stamps', { ...stamps, ...dry })).toMatchObject({ ...foretold, completed: true });
    expect(await call('record_purchase', { ...sale, dry_run: false })).toMatchObject({ duplicate: false });
    expect(await call('redeem_reward', { ...spend, ...dry })).toMatchObject({ ...foretold, new_balance: 45 });
    expect(await call('add_stamps', stamps)).toMatchObject({ completed: true, completed_count: 1 });
    const params = { id: member.id, cardId: card.id };
    expect((await dataOf(own.agent(memberBalance, { params }))).balance).toBe(245);
    await agent.close();
  });

  it('lets a key foretell only what it may do', async () => {
    const key = await givenKey(shop.partnerId, { scopes: ['read'] });
    const reading = await connect({ 'x-agent-key': key });
    const { structuredContent, isError } = await reading.callTool({
      name: 'record_purchase',
      arguments: { card_id: unknownId, member_identifier: 'x', purchase_amount: 1, dry_run: true },
    });
    await reading.close();

    expect([isError, (structuredContent as Structured)['code']]).toEqual([true, 'AUTH_INSUFFICIENT_SCOPE']);
  });

  it.each([
    ['a field that is wrong', { name: 'create_club', given: { name: 7 }, code: 'VALIDATION_FAILED' }],
    ['a field that nobody knows', { name: 'create_club', given: { name: 'x', y: 1 }, code: 'VALIDATION_FAILED' }],
    ['an argument that a list does not take', { name: 'list_clubs', given: { y: 1 }, code: 'VALIDATION_FAILED' }],
    ['a path without its id', { name: 'get_club', given: {}, code: 'VALIDATION_FAILED' }],
    ['a thing that is not there', { name: 'get_club', given: { id: unknownId }, code: 'CLUB_NOT_FOUND' }],
    ['a path that would lead elsewhere', { name: 'get_club', given: { id: '../cards' }, code: 'CLUB_NOT_FOUND' }],
  ])('sees for %s the envelope of the refusal', async (_what, { name, given, code }) => {
    const { structuredContent, isError } = await client.callTool({ name, arguments: given });

    expect(isError).toBe(true);
    expect(structuredContent).toMatchObject({ error: true, code, retry_strategy: expect.any(String) });
  });

  it('sees a missing scope as a refusal, and a tool of another role as unknown', async () => {
    const viewer = await connect({ 'x-agent-key': await givenKey(shop.partnerId, { preset: 'view_only' }) });

    expect(await viewer.callTool({ name: 'create_club', arguments: { name: 'x' } })).toMatchObject({
      isError: true,
      structuredContent: { code: 'AUTH_INSUFFICIENT_SCOPE', details: { required_scopes: ['write:clubs'] } },
    });
    await expect(viewer.callTool({ name: 'list_partners' })).rejects.toThrow('Unknown tool: list_partners');
    await viewer.close();
  });

  it('may show its key as a bearer token, and the admin has tools of its own', async () => {
    const admin = await connect({ authorization: `Bearer ${running().adminKey}` });
    const { tools } = await admin.listTools();

    expect(tools.map(({ name }) => name)).toContain('list_partners');
    const { structuredContent } = await admin.callTool({ name: 'get_partner', arguments: { id: shop.partnerId } });
    expect(structuredContent).toMatchObject({ id: shop.partnerId, slug: shop.slug });
    await admin.close();
  });

  it('is turned away with HTTP 401 and our envelope without a good key', async () => {
    await expect(connect({})).rejects.toThrow('AUTH_MISSING_KEY');
    await expect(connect({ authorization: `Bearer rl_agent_${'x'.repeat(40)}` })).rejects.toThrow('AUTH_INVALID_KEY');
    const other = await givenPartner();
    const two = await post(rpc(1, 'ping'), { 'x-agent-key': shop.agentKey, authorization: `Bearer ${other.agentKey}` });
    expect([two.status, await two.json()]).toEqual([401, expect.objectContaining({ code: 'AUTH_INVALID_KEY' })]);
  });
});

describe('POST /mcp', () => {
  it('counts each tool call as one call, however they are sent', async () => {
    const { agentKey } = await givenPartner();
    const headers = { 'x-agent-key': agentKey };
    const callOf = (id: number) => rpc(id, 'tools/call', { name: 'list_clubs' });

    const first = remainingOf(await post(callOf(1), headers));
    const second = remainingOf(await post(callOf(2), headers));
    const three = await post([callOf(3), callOf(4), callOf(5)], headers);
    expect(((await three.json()) as unknown[]).length).toBe(3);
    const last = remainingOf(await post(rpc(6, 'ping'), headers));

    expect([first - second, second - last]).toEqual([1, 4]);
  });

  it('replays a write by the Idempotency-Key of the request', async () => {
    const headers = { 'x-agent-key': shop.agentKey, 'idempotency-key': 'mcp-club-1' };
    const call = rpc(1, 'tools/call', { name: 'create_club', arguments: { name: 'Only once' } });
    const idOf = async () =>
      ((await (await post(call, headers)).json()) as { result: { structuredContent: { id: string } } }).result
        .structuredContent.id;

    expect(await idOf()).toBe(await idOf());
  });

  it.each([
    ['what is not JSON', { body: '{"jsonrpc":', status: 400, code: -32700 }],
    ['what is not JSON-RPC', { body: { a: 1 }, status: 400, code: -32700 }],
    ['a method that is not there', { body: rpc(1, 'tools/destroy'), status: 200, code: -32601 }],
    ['a tool that is not there', { body: rpc(1, 'tools/call', { name: 'fly' }), status: 200, code: -32602 }],
  ])('answers %s in the words of JSON-RPC', async (_what, { body, status, code }) => {
    const answer = await post(body, { 'x-agent-key': shop.agentKey });

    expect([answer.status, await answer.json()]).toEqual([
      status,
      expect.objectContaining({ jsonrpc: '2.0', error: expect.objectContaining({ code }) }),
    ]);
    expect(answer.headers.get('x-ratelimit-limit')).toBe('10000');
  });

  it('refuses arguments nested a hundred thousand deep like any other', async () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    const call = JSON.stringify(rpc(1, 'tools/call', { name: 'create_club', arguments: { name: 0 } }));

    const answer = await post(call.replace('"name":0', `"name":${deep}`), { 'x-agent-key': shop.agentKey });

    expect([200, 400]).toContain(answer.status);
    expect(await answer.text()).toMatch(/MALFORMED_JSON|VALIDATION_FAILED|-32700/);
  });

  it('takes a notification with 202 and no body', async () => {
    const answer = await post(
      { jsonrpc: '2.0', method: 'notifications/initialized' },
      { 'x-agent-key': shop.agentKey },
    );

    expect([answer.status, await answer.text()]).toEqual([202, '']);
  });
});

describe('the docs', () => {
  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(running().baseUrl + path, { headers: { 'x-forwarded-for': anyAddress(), ...headers } });

  it('are a page that needs nothing from other hosts', async () => {
    const page = await get('/api/agent/docs');
    const html = await page.text();

    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'");
    expect(page.headers.get('x-ratelimit-tier')).toBe('public');
    expect(html).not.toMatch(/(src|href)="(https?:)?\/\//);
    const parts = [...html.matchAll(/(?:src|href)="(docs\?asset=[^"]+)"/g)].map(([, path]) => path!);
    expect(parts).toHaveLength(4);
    for (const part of parts) {
      const { status, headers } = await get(`/api/agent/${part}`);
      expect([part, status, headers.get('x-content-type-options')]).toEqual([part, 200, 'nosniff']);
    }
  });

  it('serve the OpenAPI document of each API, bare, and 304 to who has it', async () => {
    const answer = await get('/api/agent/docs.json');
    const etag = answer.headers.get('etag')!;

    expect(docsJson.answer.parse(await answer.json())).toMatchObject({ openapi: '3.1.1' });
    expect((await get('/api/agent/docs.json', { 'if-none-match': etag })).status).toBe(304);
    const partner = (await (await get('/api/agent/docs.json?api=partner')).json()) as { info: object; paths: object };
    expect(partner.info).toMatchObject({ title: 'Punchcard Partner API' });
    expect(Object.keys(partner.paths).every((path) => path.startsWith('/api/partners/'))).toBe(true);
  });
});
