import { describe, expect, it } from '@jest/globals';
import { endpoints } from './endpoints.ts';
import { events } from './events.ts';

describe('every endpoint', () => {
  it.each(endpoints.map((endpoint) => [endpoint.id, endpoint] as const))(
    '%s has examples that fit',
    (_id, endpoint) => {
      const { example, body, query, answer } = endpoint;

      expect(answer.safeParse(example.answer).error?.issues).toBeUndefined();
      expect(body?.safeParse(example.body).error?.issues).toBeUndefined();
      expect(query?.safeParse(example.query ?? {}).error?.issues).toBeUndefined();
    },
  );

  it('has an id of its own', () => {
    expect(new Set(endpoints.map(({ id }) => id)).size).toBe(endpoints.length);
  });

  it('is an internal one exactly when its path is', () => {
    for (const { id, dialect, path } of endpoints) {
      expect([id, path.startsWith('/internal/')]).toEqual([id, dialect === 'internal']);
      expect(id.startsWith(`${dialect}.`)).toBe(true);
    }
  });

  it('needs a scope or a permission, unless it is open by contract', () => {
    const open = endpoints.filter(
      ({ scopes = [], permission, dialect }) => dialect !== 'internal' && !permission && scopes.length === 0,
    );

    expect(open.map(({ id }) => id).sort()).toEqual([
      'agent.docs',
      'agent.docs_json',
      'agent.health',
      'agent.join',
      'agent.join.page',
      'agent.mcp',
      'agent.tools',
    ]);
  });
});

describe('every event', () => {
  it.each(events.map((event) => [event.type, event] as const))(
    '%s has an example that still parses',
    (_type, event) => {
      expect(event.data.safeParse(event.example).error?.issues).toBeUndefined();
      expect(event.type.startsWith(`${event.owner}.`)).toBe(true);
    },
  );

  it('takes fields of a newer producer', () => {
    for (const { data, example } of events) {
      expect(data.safeParse({ ...(example as object), a_newer_field: 1 }).success).toBe(true);
    }
  });
});
