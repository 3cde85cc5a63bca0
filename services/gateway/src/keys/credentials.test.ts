import { describe, expect, it } from '@jest/globals';
import type { AppError } from '@punchcard/contracts';
import { newKey } from '@punchcard/service-kit';
import { haveForm, readCredentials } from './credentials.ts';

const reasonFor = (dialect: 'agent' | 'partner', headers: Record<string, string>) => {
  try {
    return readCredentials(dialect, headers);
  } catch (thrown) {
    const { code, details } = thrown as AppError;
    return [code, details['reason']];
  }
};
const pair = { 'x-api-key': 'k', 'x-api-secret': 's' };

describe('readCredentials', () => {
  it.each([
    ['no agent key', 'agent', {}, ['AUTH_MISSING_KEY', 'missing_credentials']],
    ['an empty agent key', 'agent', { 'x-agent-key': '' }, ['AUTH_MISSING_KEY', 'missing_credentials']],
    ['a key pair for the Agent API', 'agent', pair, ['AUTH_MISSING_KEY', 'missing_credentials']],
    ['no key pair', 'partner', {}, ['AUTH_MISSING_KEY', 'missing_credentials']],
    [
      'an agent key for the Partner API',
      'partner',
      { 'x-agent-key': 'k' },
      ['AUTH_MISSING_KEY', 'missing_credentials'],
    ],
    ['a key without its secret', 'partner', { 'x-api-key': 'k' }, ['AUTH_MISSING_KEY', 'missing_credentials']],
    ['a secret without its key', 'partner', { 'x-api-secret': 's' }, ['AUTH_MISSING_KEY', 'missing_credentials']],
    ['a token', 'partner', { authorization: 'Bearer x' }, ['AUTH_INVALID_KEY', 'token_invalid']],
    ['a token in lower case', 'partner', { authorization: 'bearer x' }, ['AUTH_INVALID_KEY', 'token_invalid']],
    [
      'a token beside a pair',
      'partner',
      { ...pair, authorization: 'Bearer x' },
      ['AUTH_INVALID_KEY', 'ambiguous_credentials'],
    ],
    ['another scheme', 'partner', { authorization: 'Basic x' }, ['AUTH_MISSING_KEY', 'missing_credentials']],
  ] as const)('refuses %s', (...[, dialect, headers, refusal]) => {
    expect(reasonFor(dialect, headers)).toEqual(refusal);
  });

  it('reads an agent key, and a key pair', () => {
    expect(reasonFor('agent', { 'x-agent-key': 'k' })).toEqual({ kind: 'agent_key', key: 'k', secret: null });
    expect(reasonFor('partner', pair)).toEqual({ kind: 'api_key', key: 'k', secret: 's' });
  });
});

describe('a bearer token for the Agent API', () => {
  const authorization = 'Bearer rl_agent_x';

  it('is the key where the endpoint takes one, and nothing elsewhere', () => {
    const shown = { kind: 'agent_key', key: 'rl_agent_x', secret: null };

    expect(readCredentials('agent', { authorization }, true)).toEqual(shown);
    expect(readCredentials('agent', { authorization, 'x-agent-key': 'rl_agent_x' }, true)).toEqual(shown);
    expect(reasonFor('agent', { authorization })).toEqual(['AUTH_MISSING_KEY', 'missing_credentials']);
    expect(() => readCredentials('agent', { authorization: 'Basic x' }, true)).toThrow('No credentials');
  });

  it('is refused beside another key', () => {
    expect(() => readCredentials('agent', { authorization, 'x-agent-key': 'rl_agent_y' }, true)).toThrow('not known');
  });
});

describe('haveForm', () => {
  const [agent, member, admin, key, secret] = [
    ...[newKey('partner'), newKey('member'), newKey('admin'), newKey('api_key'), newKey('api_secret')],
  ] as [string, string, string, string, string];

  it('knows the keys that are given out', () => {
    for (const text of [agent, member, admin]) {
      expect(haveForm({ kind: 'agent_key', key: text, secret: null })).toBe(true);
    }
    expect(haveForm({ kind: 'api_key', key, secret })).toBe(true);
  });

  it.each([
    key,
    secret,
    `${agent}x`,
    agent.slice(0, -1),
    ` ${agent}`,
    agent.replace('_a', '_b'),
    'rl_agent_',
    `${agent}, ${agent}`,
  ])('knows that %s is no agent key', (text) => {
    expect(haveForm({ kind: 'agent_key', key: text, secret: null })).toBe(false);
  });

  it('wants both halves in their places', () => {
    expect(haveForm({ kind: 'api_key', key: secret, secret: key })).toBe(false);
    expect(haveForm({ kind: 'api_key', key, secret: 'short' })).toBe(false);
    expect(haveForm({ kind: 'api_key', key: agent, secret })).toBe(false);
  });
});
