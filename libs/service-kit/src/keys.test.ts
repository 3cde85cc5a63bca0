import { describe, expect, it } from '@jest/globals';
import { keyKindOf, keyRoleOf, newKey, randomBase62, shownPrefixOf } from './keys.ts';

describe('newKey', () => {
  it.each([
    ['partner', /^rl_agent_[0-9A-Za-z]{40}$/],
    ['member', /^rl_member_[0-9A-Za-z]{40}$/],
    ['admin', /^rl_admin_[0-9A-Za-z]{40}$/],
    ['api_key', /^rl_partner_[0-9A-Za-z]{40}$/],
    ['api_secret', /^rl_secret_[0-9A-Za-z]{40}$/],
  ] as const)('of %s has its prefix and 40 base62 characters', (kind, form) => {
    const key = newKey(kind);

    expect(key).toMatch(form);
    expect(keyKindOf(key)).toBe(kind);
    expect(newKey(kind)).not.toBe(key);
  });
});

describe('randomBase62', () => {
  it('uses every digit equally often', () => {
    const counts = new Map<string, number>();
    for (const digit of randomBase62(620_000)) counts.set(digit, (counts.get(digit) ?? 0) + 1);

    expect(counts.size).toBe(62);
    // 10,000 expected of each, with a standard deviation of 100; a bias of `byte % 62` alone would be 25 %.
    for (const count of counts.values()) expect(Math.abs(count - 10_000)).toBeLessThan(700);
  });
});

describe('the form of a key', () => {
  it('tells the role of an agent key', () => {
    expect(keyRoleOf(newKey('member'))).toBe('member');
    expect(keyRoleOf(newKey('api_key'))).toBeNull();
  });

  it.each([
    '',
    'rl_agent_',
    `rl_agent_${'a'.repeat(39)}`,
    `rl_agent_${'a'.repeat(41)}`,
    `rl_agent_${'-'.repeat(40)}`,
    `RL_AGENT_${'a'.repeat(40)}`,
    `rl_agent_${'a'.repeat(40)}\n`,
  ])('is not that of %j', (text) => {
    expect(keyKindOf(text)).toBeNull();
  });

  it('shows its prefix and 8 characters', () => {
    expect(shownPrefixOf('rl_agent_a8f3k2m1Qw8Zr5Tn0Lx4Vb7Ys2Dc6Hj9Kp3Fg1Mu')).toBe('rl_agent_a8f3k2m1');
  });
});
