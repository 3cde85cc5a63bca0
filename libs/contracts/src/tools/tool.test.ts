import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { defineEndpoint, type Endpoint } from '../endpoint.ts';
import { endpoints } from '../endpoints.ts';
import { toolNameOf } from './names.ts';
import { toolsOf } from './tool.ts';

const tools = toolsOf();
const roles = ['partner', 'member', 'admin'] as const;

describe('the tools', () => {
  it('have names that every vendor takes, unique among those of one key', () => {
    for (const role of roles) {
      const names = tools.filter(({ endpoint }) => [role, 'any'].includes(endpoint.role)).map(({ name }) => name);
      expect(new Set(names).size).toBe(names.length);
      for (const name of names) expect(name).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
    }
  });

  it('are all endpoints of the Agent API but those without a use for an agent', () => {
    const named = new Set(tools.map(({ endpoint }) => endpoint.id));
    const without = endpoints.filter(({ id, dialect }) => dialect === 'agent' && !named.has(id)).map(({ id }) => id);

    expect(without.filter((id) => !/^agent\.(tools|mcp|docs|docs_json|join|join\.page)$/.test(id))).toEqual([]);
    expect([...named].filter((id) => !id.startsWith('agent.'))).toEqual([]);
  });

  it.each(tools.map((tool) => [tool.name, tool] as const))('%s takes its own example', (_name, tool) => {
    const { endpoint, schema, places, description } = tool;
    const { params, query, body } = endpoint.example;
    const given = Object.keys({ ...(params as object), ...(query as object), ...(body as object) });

    expect(description.split('\n').at(-1)).toBe(`HTTP: ${endpoint.method} ${endpoint.path}`);
    expect(schema).toMatchObject({ type: 'object', additionalProperties: false });
    expect(Object.keys(schema.properties)).toEqual([...places.keys()]);
    expect(Object.keys(schema.properties)).toEqual(expect.arrayContaining([...given, ...schema.required]));
    const inPath = [...endpoint.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    expect(schema.required).toEqual(expect.arrayContaining(inPath));
  });

  it('say what they do to what is there', () => {
    const hintsOf = (name: string) => {
      const { isReadOnly, isDestructive, isIdempotent } = tools.find((tool) => tool.name === name)!;
      return [isReadOnly, isDestructive, isIdempotent];
    };

    expect(hintsOf('list_loyalty_cards')).toEqual([true, false, true]);
    expect(hintsOf('create_club')).toEqual([false, false, false]);
    expect(hintsOf('update_club')).toEqual([false, true, true]);
    expect(hintsOf('delete_club')).toEqual([false, true, true]);
    expect(hintsOf('record_purchase')).toEqual([false, false, false]);
    expect(hintsOf('redeem_reward')).toEqual([false, true, false]);
  });

  it('that move points or stamps can be foretold, by an endpoint that takes the same fields of path and body', () => {
    const foretold = tools.filter(({ dryRun }) => dryRun !== null);

    expect(foretold.map(({ name }) => name).toSorted()).toEqual(['add_stamps', 'record_purchase', 'redeem_reward']);
    for (const { places, dryRun, schema } of foretold) {
      const fields = [...places].filter(([, place]) => place !== 'query');
      expect([...dryRun!.places]).toEqual(expect.arrayContaining(fields));
      expect(Object.keys(schema.properties)).not.toContain('dry_run');
    }
  });

  it('show pages as numbers with their defaults', () => {
    const { schema } = tools.find(({ name }) => name === 'list_clubs')!;

    expect(schema.properties).toMatchObject({
      page: { type: 'integer', minimum: 1, default: 1 },
      per_page: { type: 'integer', default: 25 },
      is_active: { type: 'boolean' },
    });
    expect(schema.required).toEqual([]);
  });

  it('are refused when path and body take the same name', () => {
    const clash: Endpoint = defineEndpoint({
      ...endpoints.find(({ id }) => id === 'agent.clubs.update')!,
      body: z.strictObject({ id: z.string() }),
    });

    expect(() => toolsOf([clash])).toThrow('takes id twice');
  });
});

const published = new URL('../../../../../shared/contract/endpoints-agent.json', import.meta.url);

(existsSync(published) ? describe : describe.skip)('the published endpoints', () => {
  it('all have a name, or none on purpose', () => {
    const all = JSON.parse(readFileSync(published, 'utf8')) as { id: string; role: string }[];

    const names = all.map(({ id, role }) => [role, toolNameOf(id)] as const).filter(([, name]) => name !== null);

    expect(names.length).toBe(all.length - 6);
    expect(new Set(names.map(String)).size).toBe(names.length);
  });
});
