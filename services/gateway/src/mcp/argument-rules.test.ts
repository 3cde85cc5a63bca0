import { describe, expect, it } from '@jest/globals';
import { AppError, toolsOf } from '@punchcard/contracts';
import { callOf } from './argument-rules.ts';

const call = (name: string, given: Record<string, unknown>) =>
  callOf(
    toolsOf().find((tool) => tool.name === name)!,
    given,
  );

function refusalOf(run: () => unknown): unknown {
  try {
    run();
  } catch (thrown) {
    if (thrown instanceof AppError) return thrown.details;
    throw thrown;
  }
  return undefined;
}

describe('arguments', () => {
  it('go where the endpoint takes them', () => {
    expect(call('update_club', { id: 'a/b?c', name: 'New' })).toEqual({
      path: '/api/agent/v1/partner/clubs/a%2Fb%3Fc',
      query: '',
      body: { name: 'New' },
    });
    expect(call('list_clubs', { page: 2, is_active: true, search: 'a b&c' })).toEqual({
      path: '/api/agent/v1/partner/clubs',
      query: '?page=2&is_active=true&search=a+b%26c',
      body: null,
    });
    expect(call('record_purchase', { explain: 'true', purchase_amount: 24.5 })).toMatchObject({
      query: '?explain=true',
      body: { purchase_amount: 24.5 },
    });
  });

  it('that nobody knows go where their service names them', () => {
    expect(call('list_clubs', { surprise: 1 }).query).toBe('?surprise=1');
    expect(call('create_club', { surprise: 1 }).body).toEqual({ surprise: 1 });
  });

  it('that a path needs are named when they are not there', () => {
    expect(refusalOf(() => call('get_club', {}))).toEqual({ errors: { id: ['is required'] } });
  });

  it.each([[null], [{}], [[1]], ['\ud800']])('of %j cannot stand in a URL', (value) => {
    const errors = { search: ['must be text, a number or a boolean'] };

    expect(refusalOf(() => call('list_clubs', { search: value }))).toEqual({ errors });
  });
});
