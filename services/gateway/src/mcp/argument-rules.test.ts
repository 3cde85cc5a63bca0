import { describe, expect, it } from '@jest/globals';
import { AppError, toolsOf } from '@punchcard/contracts';
import { askedOf, callOf } from './argument-rules.ts';

const toolNamed = (name: string) => toolsOf().find((tool) => tool.name === name)!;
const call = (name: string, given: Record<string, unknown>) => callOf(askedOf(toolNamed(name), given));

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

describe('dry_run', () => {
  it.each([
    [
      'record_purchase',
      { card_id: 'c', purchase_amount: 24.5, explain: 'true' },
      '/api/agent/v1/partner/transactions/estimate',
      { type: 'purchase', card_id: 'c', purchase_amount: 24.5 },
    ],
    [
      'redeem_reward',
      { card_id: 'c', reward_id: 'r' },
      '/api/agent/v1/partner/transactions/estimate',
      { type: 'redeem', card_id: 'c', reward_id: 'r' },
    ],
    ['add_stamps', { id: 's', stamps: 2 }, '/internal/ledger/stamp-cards/s/estimate', { stamps: 2 }],
  ])('of %s asks what foretells it, with the same fields', (name, given, ...[path, body]) => {
    expect(call(name, { ...given, dry_run: true })).toEqual({ path, query: '', body });
  });

  it('is no field of the endpoint itself', () => {
    const sale = { card_id: 'c', purchase_amount: 24.5 };

    expect(call('record_purchase', { ...sale, dry_run: false })).toEqual(call('record_purchase', sale));
    expect(call('create_club', { name: 'x', dry_run: true }).body).toEqual({ name: 'x', dry_run: true });
  });

  it('must be a boolean, and leaves no room for what it says itself', () => {
    expect(refusalOf(() => call('record_purchase', { dry_run: 'true' }))).toEqual({
      errors: { dry_run: ['must be true or false'] },
    });
    expect(refusalOf(() => call('record_purchase', { dry_run: true, type: 'redeem' }))).toEqual({
      errors: { type: ['is not a known field'] },
    });
    expect(call('record_purchase', { type: 'redeem' }).body).toEqual({ type: 'redeem' });
  });
});
