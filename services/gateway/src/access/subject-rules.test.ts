import { describe, expect, it } from '@jest/globals';
import { failuresPerMinute, otherLimits } from '@punchcard/contracts';
import { givenKeyRecord } from '../../test/given.ts';
import { subjectOfAddress, subjectOfFailures, subjectOfKey, tierOf } from './subject-rules.ts';

const production = { isStaging: false };
const staging = { isStaging: true };
const limits = { failuresPerMinute, ...otherLimits, isStaging: false };
const quotas = ({ windows, slots }: ReturnType<typeof subjectOfKey>) => [
  ...windows.map(({ quota }) => quota),
  slots?.limit,
];

describe('subjectOfKey', () => {
  it.each([
    ['standard', [2_000, 300, 25]],
    ['professional', [5_000, 300, 50]],
    ['enterprise', [10_000, 300, 100]],
  ] as const)('gives a partner of plan %s its hour and slots, and the key its minute', (plan, expected) => {
    const record = givenKeyRecord({ rate_limit: 300, partner: { plan } });

    expect(quotas(subjectOfKey(record, production))).toEqual(expected);
    expect(tierOf(record)).toBe(plan);
  });

  it('counts all keys of a partner, of both APIs, in one hour and in one set of slots', () => {
    const agent = subjectOfKey(givenKeyRecord({ key_id: 'a' }), production);
    const pair = subjectOfKey(givenKeyRecord({ key_id: 'b', kind: 'api_key' }), production);

    expect(agent.windows[0]!.key).toBe(pair.windows[0]!.key);
    expect(agent.slots!.key).toBe(pair.slots!.key);
    expect(agent.windows[1]!.key).not.toBe(pair.windows[1]!.key);
  });

  it('gives members and admins limits of their own', () => {
    const member = givenKeyRecord({ role: 'member', rate_limit: 1_000 });
    const admin = givenKeyRecord({ role: 'admin', rate_limit: 700, partner: null });

    expect(quotas(subjectOfKey(member, production))).toEqual([7_200, 120, 10]);
    expect(quotas(subjectOfKey(admin, production))).toEqual([60_000, 700, 50]);
    expect([tierOf(member), tierOf(admin)]).toEqual(['member', 'admin']);
  });

  it.each([
    ['not', staging, false, false],
    ['for marked partners', staging, true, true],
    ['always in production', production, false, true],
  ] as const)('counts the hour on staging: %s', (...[, deployment, limited, isCounted]) => {
    const { windows } = subjectOfKey(givenKeyRecord({ partner: { limited } }), deployment);

    expect(windows.map((window) => window.isCounted ?? true)).toEqual([isCounted, true]);
  });
});

describe('limits of an address', () => {
  it('counts each use of an address by itself', () => {
    const join = subjectOfAddress('192.0.2.1', 'join', limits);
    const docs = subjectOfAddress('192.0.2.1', 'docs', limits);

    expect(quotas(join)).toEqual([60, 10, 10]);
    expect(quotas(docs)).toEqual([3_600, 300, 20]);
    expect(new Set([...join.windows, ...docs.windows].map(({ key }) => key)).size).toBe(4);
  });

  it('allows 30 failures a minute', () => {
    expect(quotas(subjectOfFailures('192.0.2.1', limits))).toEqual([30, undefined]);
  });
});
